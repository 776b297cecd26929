import { fieldOf, fieldsOf, textOf } from "../../model/compose/fields.ts";
import { withDefaults } from "../../model/compose/interpolation.ts";
import { imageNameOf } from "../../model/compose/known-images.ts";
import { mountsOf } from "../../model/compose/mounts.ts";
import { defineComposeRule, type Report } from "../../rule.ts";
import { placeOf, servicesHere } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-host-dir",
  summary: "folder of the host's system in a container",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: ["kics:Volume Has Sensitive Host Directory"],
  why: `
A container that can write to \`/etc\`, \`/usr\` or the root of the host changes users, services and programs there: the
container is no border any more. Through \`/run\` or \`/var/run\` it reaches the Docker socket. Read-only it still reads keys
and password hashes; that, and keys and logins in somebody's home, are for the profile \`strict\`. Monitors of the host
(node-exporter, cAdvisor, Datadog) mount these folders read-only on purpose: a hint in the profile \`all\`, as is any other path
below a folder of the system, which KICS reports like the rest. Time zones, certificates and single devices are fine. Volumes
whose \`driver_opts\` name such a folder count.

KICS also takes \`- /var/lib/data\` without a colon for a folder of the host. It is none: compose makes an anonymous volume at
that path of the container.`,
  examples: [
    { bad: "services:\n  setup:\n    image: example/setup:1.0\n    volumes:\n      - /etc:/host/etc\n" },
    { bad: "services:\n  jobs:\n    image: example/jobs:1.0\n    volumes:\n      - ~/.ssh:/root/.ssh:ro\n" },
    {
      good: "services:\n  web:\n    image: example/web:1.0\n    volumes:\n      - ./data:/data\n      - /etc/localtime:/etc/localtime:ro\n",
    },
  ],
  check({ compose, project, report }) {
    for (const service of servicesHere(project)) {
      const watches = WATCHERS.test(imageNameOf(service) ?? "");
      for (const mount of mountsOf(service)) {
        if (mount.type === "volume" || mount.source === undefined) continue;
        const found = lookAt(mount.source, mount.readOnly, watches);
        if (!found) continue;
        report(placeOf(service, mount, mount.sourceSpan ?? mount.span), {
          ...found.weaker,
          message: `${service.name} ${mount.readOnly ? "reads" : "can write to"} ${mount.source}, ${found.what}`,
        });
      }
    }
    for (const volume of fieldsOf(fieldOf(compose.root, "volumes")?.value))
      for (const option of ["device", "mountpoint"]) {
        const field = fieldOf(volume.value, "driver_opts", option);
        const path = textOf(field?.value);
        const found = field && !volume.via && !field.via && path !== undefined ? lookAt(path, false, false) : undefined;
        if (!field || !found) continue;
        report(field.value.span, {
          ...found.weaker,
          message: `The volume ${volume.key} is ${path ?? ""}, ${found.what}`,
        });
      }
  },
});

const WATCHERS =
  /exporter|cadvisor|datadog|dd-agent|netdata|glances|telegraf|promtail|alloy|filebeat|metricbeat|fluent|vector|newrelic|falco|scrutiny|beszel|sysdig/;

/** What is in a folder, as it goes on after its name; the first that fits. Those without words are fine. */
const FOLDERS: readonly (readonly [path: RegExp, what: string, level: "system" | "login" | "below" | "fine"])[] = [
  [
    /^\/etc\/(?:localtime|timezone|machine-id|hostname|os-release|ssl\/certs|ca-certificates|pki|resolv\.conf|letsencrypt)(?:\/|$)/,
    "",
    "fine",
  ],
  [/^\/usr\/(?:share\/(?:zoneinfo|ca-certificates)|local\/share\/ca-certificates|lib\/os-release)(?:\/|$)/, "", "fine"],
  [/^\/dev\/./, "", "fine"],
  [/(?:^|\/)(?:docker|podman)\.sock$/, "", "fine"],
  [/^\/$/, "the whole file system of the host", "system"],
  [/^\/(?:var\/)?run$/, "where the sockets of Docker and of the host's services are", "system"],
  [
    /^\/var\/lib\/(?:docker|containerd|containers)(?:\/|$)/,
    "where the engine keeps all images, containers and volumes",
    "system",
  ],
  [
    /^\/etc\/(?:passwd|shadow|group|gshadow|sudoers|sudoers\.d|pam\.d|ssh|cron[\w.]*|systemd|docker)(?:\/|$)/,
    "which decides who may do what on the host",
    "system",
  ],
  [/^\/etc$/, "the configuration of the host with its users and keys", "system"],
  [/^\/(?:root|home)$/, "the home of the host's users with their keys", "system"],
  [/^\/(?:proc|sys|dev|boot)$/, "through which the host's kernel and devices are controlled", "system"],
  [/^\/(?:usr|usr\/local|usr\/s?bin|bin|sbin|lib|lib64|usr\/lib)$/, "the programs of the host", "system"],
  [/^\/var(?:\/lib|\/spool\/cron)?$/, "the state of the host's services", "system"],
  [/^(?:~|\$HOME|\$\{HOME\}|\/root|\/home\/[^/]+)$/, "a home with its keys and logins", "login"],
  [
    /^(?:~|\$HOME|\$\{HOME\}|\/root|\/home\/[^/]+)\/(?:\.ssh|\.aws|\.kube|\.docker|\.gnupg|\.config\/gcloud|\.azure|\.netrc|\.git-credentials)(?:\/|$)/,
    "where somebody's keys and logins are",
    "login",
  ],
  [/^\/home\//, "in the home of one of the host's users", "below"],
  [/^\/(?:bin|sbin|boot|etc|lib|lib64|proc|root|run|usr|var|sys)\//, "below a folder of the host's system", "below"],
];

interface Found {
  readonly what: string;
  readonly weaker: Pick<Report, "profile" | "severity">;
}

function lookAt(written: string, readOnly: boolean, watches: boolean): Found | undefined {
  const text = (/^\$(?:HOME|\{HOME\})/.test(written) ? written : (withDefaults(written) ?? "")).replaceAll(
    /\/{2,}/g,
    "/",
  );
  const path = text.length > 1 ? text.replace(/\/$/, "") : text;
  const [, what = "", level = "fine"] = FOLDERS.find(([pattern]) => pattern.test(path)) ?? [];
  if (level === "fine") return undefined;
  if (level === "below" || (watches && readOnly)) return { what, weaker: { profile: "all", severity: "hint" } };
  return { what, weaker: level === "login" || readOnly ? { profile: "strict", severity: "info" } : {} };
}
