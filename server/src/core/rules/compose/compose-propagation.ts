import { fieldOf, textOf } from "../../model/compose/fields.ts";
import { keepingComments } from "../../model/compose/kept-comments.ts";
import type { Change, ComposeFile } from "../../model/compose/model.ts";
import { type Mount, mountsOf } from "../../model/compose/mounts.ts";
import { removeKey, setValue } from "../../model/compose/patch.ts";
import { defineComposeRule } from "../../rule.ts";
import { placeOf, remedyOf, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-propagation",
  summary: "mounts made in the container that reach the host, or the host's that reach the container",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["kics:Volume Mounted In Multiple Containers"],
  why: `
With the propagation \`shared\` or \`rshared\`, what the container mounts below the folder appears on the host and in every
other container that has it, for as long as the host runs. \`slave\` and \`rslave\` go the other way: what the host mounts there
later is in the container too, which monitors of the host want; that is a hint in the profile \`all\`. Programs that mount for
others (FUSE, CSI drivers) need \`rshared\`. KICS knows the long form only; the short form's \`:rshared\` does the same.`,
  fixSafety: `
Unsafe: mounts made later stay on the side where they were made, and a program may count on seeing them.`,
  examples: [
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    volumes:\n      - ./data:/data:rw,rshared\n",
      fixed: "services:\n  app:\n    image: example/app:2.1\n    volumes:\n      - ./data:/data:rw\n",
    },
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    volumes:\n      - type: bind\n        source: ./data\n        target: /data\n        bind:\n          propagation: rshared\n",
      fixed:
        "services:\n  app:\n    image: example/app:2.1\n    volumes:\n      - type: bind\n        source: ./data\n        target: /data\n",
    },
    { good: "services:\n  app:\n    image: example/app:2.1\n    volumes:\n      - ./data:/data:rprivate\n" },
  ],
  check({ compose, project, report }) {
    for (const service of servicesHere(project))
      for (const mount of mountsOf(service)) {
        const { propagation, node } = mount;
        if (propagation === undefined || !/^r?(?:shared|slave)$/.test(propagation)) continue;
        const isShared = propagation.endsWith("shared");
        const span = fieldOf(node, "bind", "propagation")?.value.span ?? mount.span;
        report(placeOf(service, mount, span), {
          message: isShared
            ? `${propagation}: what ${service.name} mounts below ${mount.target} appears on the host and in other containers`
            : `${propagation}: what the host mounts below ${mount.source ?? mount.target} appears in ${service.name}`,
          ...(!isShared && { profile: "all" as const, severity: "hint" as const }),
          remedy: () => remedyOf(`Delete ${propagation}`, keepingComments(compose, withoutPropagation(compose, mount))),
        });
      }
  },
});

function withoutPropagation(compose: ComposeFile, { node, written, options, propagation }: Mount): Change {
  if (written === "short") {
    const text = textOf(node) ?? "";
    const left = options.filter((option) => option !== propagation).join(",");
    const mount = text.slice(0, text.length - options.join(",").length - 1);
    return setValue(compose, node, left === "" ? mount : `${mount}:${left}`);
  }
  const bind = fieldOf(node, "bind")?.value;
  if (node.kind !== "map" || bind?.kind !== "map") return { refusal: "it is written in a form that is left alone" };
  return bind.written.length === 1 ? removeKey(compose, node, "bind") : removeKey(compose, bind, "propagation");
}
