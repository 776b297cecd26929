import { type Mount, mountsOf } from "../../model/compose/mounts.ts";
import type { ProjectService } from "../../model/compose/project.ts";
import { defineComposeRule } from "../../rule.ts";
import { placeOf, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-shared-volume",
  summary: "folder or volume that several services write to",
  severity: "hint",
  profile: "all",
  fixable: "never",
  since: "0.3.0",
  sameAs: ["kics:Shared Volumes Between Containers"],
  why: `
Two services that write to one folder can overwrite each other's files, and whoever gets into one of them can leave files for
the other to run. Sharing is often the purpose (uploads, a socket, generated pages), so this is a hint for a review: where one
side only reads, \`:ro\` there says so. KICS also reports each named volume that one service alone has, which is what volumes
are for. Mounts that all services have read-only are left out.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: example/web:1.4\n    volumes: [uploads:/srv/uploads]\n  worker:\n    image: example/worker:1.4\n    volumes: [uploads:/uploads]\nvolumes:\n  uploads:\n",
    },
    {
      good: "services:\n  web:\n    image: example/web:1.4\n    volumes: [web:/data]\n  worker:\n    image: example/worker:1.4\n    volumes: [worker:/data]\nvolumes:\n  web:\n  worker:\n",
    },
  ],
  check({ project, report }) {
    const uses = new Map<string, { readonly service: ProjectService; readonly mount: Mount }[]>();
    for (const service of servicesHere(project))
      for (const mount of mountsOf(service)) {
        const key = sourceKey(mount);
        if (key === undefined) continue;
        const found = uses.get(key);
        if (found) found.push({ service, mount });
        else uses.set(key, [{ service, mount }]);
      }
    for (const shared of uses.values()) {
      if (shared.every(({ mount }) => mount.readOnly)) continue;
      for (const { service, mount } of shared) {
        const others = new Set(shared.map((each) => each.service.name));
        others.delete(service.name);
        if (others.size === 0) continue;
        report(placeOf(service, mount, mount.span), {
          message: `${service.name} shares ${mount.source ?? ""} with ${[...others].join(", ")}: what one writes, the others read and can lose`,
        });
      }
    }
  },
});

/** Files of the system that many containers show, and sockets, are not written to. */
const NO_DATA = /\.sock$|^\/etc\/(?:localtime|timezone)$/;

function sourceKey({ type, source }: Mount): string | undefined {
  if (source === undefined || NO_DATA.test(source)) return undefined;
  if (type === "volume") return `volume ${source}`;
  return type === "bind" ? `bind ${source.replace(/^\.\/(?=.)/, "").replace(/(?<=.)\/+$/, "")}` : undefined;
}
