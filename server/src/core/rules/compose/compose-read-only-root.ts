import { fieldOf } from "../../model/compose/fields.ts";
import { imageNameOf } from "../../model/compose/known-images.ts";
import type { Change, ComposeFile } from "../../model/compose/model.ts";
import { addKey, setValue } from "../../model/compose/patch.ts";
import type { ProjectService } from "../../model/compose/project.ts";
import { defineComposeRule, type Remedy } from "../../rule.ts";
import type { YamlMap } from "../../text/yaml.ts";
import { changesOf, isTrue, linuxContainers, plainText, remedyOf } from "../compose-services.ts";
import { addTmpfs, unwritableOf } from "../read-only-root.ts";

export default defineComposeRule({
  id: "compose-read-only-root",
  summary: "container that can change its own programs",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
Whoever gets into a service first writes a tool or changes a script. With \`read_only: true\` only volumes and \`tmpfs\` can be
written to, and what a program keeps outside of them shows at once instead of being lost with the container. Many programs need
a \`tmpfs\` for temporary files; nearly no file on a developer's machine has it, so the rule is strict.`,
  fixSafety: `
Unsafe: a program that writes somewhere else fails. Offered for images of which it is known where they write (nginx, httpd,
postgres, mysql, mariadb, mongo, redis, valkey, memcached, prometheus), with a \`tmpfs\` for what is no volume.`,
  examples: [
    {
      bad: "services:\n  cache:\n    image: redis:8.4\n    volumes: [cache:/data]\nvolumes:\n  cache:\n",
      fixed:
        "services:\n  cache:\n    image: redis:8.4\n    volumes: [cache:/data]\n    read_only: true\nvolumes:\n  cache:\n",
    },
    { bad: "services:\n  app:\n    image: example/app:2.1\n" },
    { good: "services:\n  app:\n    image: example/app:2.1\n    read_only: true\n    tmpfs: /tmp\n" },
  ],
  check({ compose, project, report }) {
    for (const service of linuxContainers(project)) {
      const field = fieldOf(service.map, "read_only");
      if (isTrue(field?.value) || (field && plainText(field.value) === undefined)) continue;
      report(service.nameSpan, {
        message: `${service.name} can change its own programs: read_only: true keeps them as they were built`,
        remedy: () => readOnlyRemedy(compose, service),
      });
    }
  },
});

function readOnlyRemedy(compose: ComposeFile, service: ProjectService): Remedy {
  const missing = unwritableOf(service);
  const name = imageNameOf(service) ?? service.name;
  if (missing === undefined) return { refusal: `it is not known where ${name} writes` };
  const protect = (current: ComposeFile, map: YamlMap): Change => {
    const there = fieldOf(map, "read_only")?.value;
    return there ? setValue(current, there, true) : addKey(current, map, "read_only", true);
  };
  if (missing.length === 0) return remedyOf("Make it read-only", changesOf(compose, service, protect));
  return remedyOf(
    `Make it read-only but ${missing.join(" and ")}`,
    changesOf(compose, service, protect, (current, map) => addTmpfs(current, map, missing)),
  );
}
