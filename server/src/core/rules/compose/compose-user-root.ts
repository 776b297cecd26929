import { fieldOf, isSet, textOf } from "../../model/compose/fields.ts";
import { keysBefore } from "../../model/compose/key-order.ts";
import { addKey, removeKey } from "../../model/compose/patch.ts";
import type { ProjectService } from "../../model/compose/project.ts";
import { type KnownBase, knownBase } from "../../model/dockerfile/bases.ts";
import { defineComposeRule } from "../../rule.ts";
import { changeOf, knownContainers, placeOf, plainText, remedyOf, servicesHere } from "../compose-services.ts";

const ROOT = /^(?:root|0+)(?::|$)/;

export default defineComposeRule({
  id: "compose-user-root",
  summary: "container that runs as root",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
Root in a container is root to every file that is mounted into it, and one fault of the kernel or of a mount away from being
root on the host. \`user: root\` says so; mostly it stands there because a volume belonged to somebody else, and \`chown\` once,
or a volume the image makes itself, is the better answer. A service without \`user\` whose image is known to run as root is for
the profile \`strict\`. Images that begin as root and give it up by themselves (postgres, redis, nginx, …) need no \`user\`, and
what a service builds is told by its Dockerfile. Services that run chown or chmod have to be root.`,
  fixSafety: `
Unsafe: files and ports that root alone may open are out of reach for another user.`,
  examples: [
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    user: root\n",
      fixed: "services:\n  app:\n    image: example/app:2.1\n",
    },
    {
      bad: "services:\n  app:\n    image: node:24\n    command: node server.js\n",
      fixed: "services:\n  app:\n    image: node:24\n    command: node server.js\n    user: node\n",
    },
    { good: 'services:\n  app:\n    image: node:24\n    user: "1000:1000"\n' },
    { good: "services:\n  db:\n    image: postgres:18.1\n" },
  ],
  check({ compose, project, report }) {
    for (const service of servicesHere(project)) {
      const field = fieldOf(service.map, "user");
      if (!field || !ROOT.test(plainText(field.value) ?? "") || changesOwners(service)) continue;
      report(placeOf(service, field, field.value.span), {
        message: `${service.name} runs as root, by its user: ${textOf(field.value) ?? ""}`,
        remedy: () =>
          remedyOf(
            "Delete user, for the one the image has",
            changeOf(compose, service, (map) => removeKey(compose, map, "user")),
          ),
      });
    }
    for (const service of knownContainers(project)) {
      const base = isSet(fieldOf(service.map, "user")?.value) ? undefined : baseOf(service);
      if (!base || base.user !== "root" || base.rootOnPurpose !== undefined || base.family === "windows") continue;
      const { account, name } = base;
      report(service.nameSpan, {
        message: `${service.name} runs as root: ${name} does unless a user is given`,
        profile: "strict",
        remedy: () =>
          account
            ? remedyOf(
                `Run it as ${account.name}`,
                changeOf(compose, service, (map) =>
                  addKey(compose, map, "user", account.name, { after: keysBefore("user") }),
                ),
                "unsafe",
                ["user"],
              )
            : { refusal: `${name} has no user of its own` },
      });
    }
  },
});

/** What is there to give files to somebody else has to be root. */
function changesOwners({ map }: ProjectService): boolean {
  const words = ["command", "entrypoint"].flatMap((key) => {
    const value = fieldOf(map, key)?.value;
    return value?.kind === "list" ? value.items.map(textOf) : [textOf(value)];
  });
  return words.some((word) => /\bch(?:own|mod)\b/.test(word ?? ""));
}

/** Of an image that is pulled: what is built is its Dockerfile's matter. */
function baseOf({ map }: ProjectService): KnownBase | undefined {
  const image = plainText(fieldOf(map, "image")?.value);
  return image === undefined || isSet(fieldOf(map, "build")?.value) ? undefined : knownBase(image);
}
