/** What compose refuses for its meaning, and what looks as if it did: the rules have an error for the first, and none for the second. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rules } from "../../server/src/core/rules/index.ts";
import { findingsOf } from "../rule-cases.ts";
import type { Machine } from "./machine.ts";

/** Errors that only show when images are built or containers started. */
const LATER: ReadonlySet<string> = new Set([
  "compose-build-context-missing",
  "compose-build-target-missing",
  "compose-container-name-chars",
  "compose-dockerfile-missing",
  "compose-healthy-without-healthcheck",
  "compose-port-clash",
]);

const service = (rest: string, more = ""): string => `services:\n  a: {image: x, ${rest}}\n  b: {image: y}\n${more}`;
const top = (section: string): string => `services:\n  a: {image: x}\n${section}\n`;

const REFUSED: readonly string[] = [
  ...["networks: [n]", "networks: {n: {aliases: [x]}}", "secrets: [s]", "configs: [c]", "models: [m]"].map((each) =>
    service(each),
  ),
  ...['volumes: ["data:/x"]', "volumes: [{type: volume, source: data, target: /x}]"].map((each) => service(each)),
  ...["depends_on: [z]", "depends_on: {z: {condition: service_started, required: false}}", "links: [z]"].map((each) =>
    service(each),
  ),
  ...['network_mode: "service:z"', 'ipc: "service:z"', 'pid: "service:z"', "volumes_from: [z]"].map((each) =>
    service(each),
  ),
  ...["depends_on: [a]", 'network_mode: "service:a"', "extends: z", "extends: a"].map((each) => service(each)),
  "services:\n  a: {image: x, depends_on: [b]}\n  b: {image: y, links: [a]}\n",
  "services:\n  a: {image: x, extends: b}\n  b: {image: y, extends: a}\n",
  "services:\n  a: {image: x, depends_on: [b]}\n  b: {image: y, profiles: [p]}\n",
  'services:\n  a: {build: {context: ., additional_contexts: {q: "service:z"}}}\n',
  "services:\n  a: {build: {context: ., secrets: [s]}}\n",
  "services:\n  a: {build: {context: ., dockerfile: D, dockerfile_inline: FROM x}}\n",
  "services:\n  a: {platform: linux/arm64, build: {context: ., platforms: [linux/amd64]}}\n",
  "services:\n  a: {command: x}\n",
  'services:\n  a: {image: ""}\n',
  "services:\n  a: {image: x, container_name: ab}\n  b: {image: y, container_name: ab}\n",
  ...["container_name: ab, scale: 2", "container_name: ab, deploy: {replicas: 3}"].map((each) => service(each)),
  ...["scale: 2, deploy: {replicas: 3}", "mem_limit: 1g, deploy: {resources: {limits: {memory: 2g}}}"].map((each) =>
    service(each),
  ),
  ...[
    'cpus: 1, deploy: {resources: {limits: {cpus: "2"}}}',
    "pids_limit: 1, deploy: {resources: {limits: {pids: 2}}}",
  ].map((each) => service(each)),
  service("develop: {watch: [{action: sync, path: .}]}"),
  service("network_mode: host, networks: [n]", "networks: {n: }\n"),
  ...["secrets: {s: {}}", "secrets: {s: {file: q, environment: w}}", "secrets: {s: {external: false}}"].map(top),
  ...["configs: {c: {}}", "configs: {c: {file: q, content: w}}", "volumes: {v: {external: true, driver: local}}"].map(
    top,
  ),
];

const TAKEN: readonly string[] = [
  ...["networks: [default]", "external_links: [z]", 'volumes_from: ["container:z"]', "volumes: [/x, ./y:/y]"].map(
    (each) => service(each),
  ),
  "services:\n  a: {image: x, depends_on: {b: {condition: service_started, required: false}}}\n  b: {image: y, profiles: [p]}\n",
  "services:\n  a: {image: x}\n  b: {networks: [n], depends_on: [z], profiles: [p]}\n",
  "services:\n  a: {provider: {type: x}}\n",
  'services:\n  a: {build: ""}\n',
  "services:\n  a: {extends: b}\n  b: {image: x}\n",
  ...[
    "container_name: ab, scale: 1",
    "scale: 2, deploy: {replicas: 2}",
    "cpus: 0, deploy: {resources: {limits: {cpus: '2'}}}",
  ].map((each) => service(each)),
  service("mem_limit: 1g, deploy: {resources: {limits: {memory: 1024m}}}"),
  service("network_mode: host, networks: []"),
  service("develop: {watch: [{action: rebuild, path: .}, {action: restart, path: .}]}"),
  ...[
    "secrets: {s: {external: true, file: q}}",
    "configs: {c: {external: false}}",
    "networks: {n: {external: true, driver: q}}",
  ].map(top),
  ...["volumes: {v: {external: true, name: q}}", "networks: {n: }", "volumes: {v: }"].map(top),
  "services:\n  a: {image: x, ports: ['80:80']}\n  b: {image: y, ports: ['80:80']}\n",
];

export function composeRuleTests(machine: Machine): void {
  describe("the meaning of compose files and compose", () => {
    const judged = rules.filter(({ language, id }) => language === "compose" && !LATER.has(id));
    const hasError = (text: string): boolean =>
      findingsOf(text, judged).some(({ severity, profile }) => severity === "error" && profile === "recommended");
    const refuses = async (text: string): Promise<boolean> => {
      const command = ["compose", "--project-name", "project", "--file", "-", "config", "--quiet"];
      const { code } = await machine.docker.docker(command, { input: text, cwd: await machine.folder("meaning") });
      return code !== 0;
    };
    const wrong = async (texts: readonly string[], refused: boolean): Promise<readonly string[]> => {
      const found: string[] = [];
      for (const text of texts) {
        const theirs = await refuses(text);
        if (theirs !== refused || hasError(text) !== refused) found.push(`compose ${String(theirs)}: ${text}`);
      }
      return found;
    };

    test("what compose refuses is an error", async () => {
      assert.deepEqual(await wrong(REFUSED, true), []);
    });

    test("what compose takes is none", async () => {
      assert.deepEqual(await wrong(TAKEN, false), []);
    });
  });
}
