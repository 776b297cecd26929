/** Compose files put together (extends, include, override, merge keys, `.env`): our model against what `docker compose config` prints. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { describe, test } from "node:test";
import { buildOf } from "../../server/src/core/model/compose/build.ts";
import { parseByteSize } from "../../server/src/core/model/compose/byte-size.ts";
import { dependenciesOf, referencesOf } from "../../server/src/core/model/compose/dependencies.ts";
import { fieldOf, itemsOf, textOf } from "../../server/src/core/model/compose/fields.ts";
import { mountsOf } from "../../server/src/core/model/compose/mounts.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import { portsOf } from "../../server/src/core/model/compose/ports.ts";
import {
  type Lookup,
  type Project,
  projectOf,
  type ProjectService,
} from "../../server/src/core/model/compose/project.ts";
import { usesOf } from "../../server/src/core/model/compose/uses.ts";
import { variablesOf } from "../../server/src/core/model/compose/variables.ts";
import { composeProjects } from "../compose/projects.ts";
import type { Machine } from "./machine.ts";

/** What both sides are brought to: what a service comes to, as plain data. */
type Seen = Readonly<Record<string, unknown>>;

export function composeProjectTests(machine: Machine): void {
  describe("compose files put together", () => {
    for (const { name, files, document } of composeProjects)
      test(name, async () => {
        const folder = await machine.folder("compose");
        for (const [path, text] of Object.entries(files)) {
          await mkdir(dirname(join(folder, path)), { recursive: true });
          await writeFile(join(folder, path), text);
        }
        const config = ["compose", "--project-directory", folder, "--all-resources", "--profile", "*"];
        const { code, stdout, stderr } = await machine.docker.docker(
          [...config, "config", "--format", "json", "--no-env-resolution"],
          { cwd: folder },
        );
        assert.equal(code, 0, stderr);
        const ours = seenHere(join(folder, document));
        // What compose prints can be read by it again.
        assert.deepEqual(ours, seenThere(JSON.parse(stdout.replaceAll("$$", () => "$")) as Printed, folder));
      });
  });
}

interface Printed {
  readonly services?: Readonly<Record<string, PrintedService>>;
  readonly networks?: object;
  readonly volumes?: object;
  readonly secrets?: object;
  readonly configs?: object;
}

const TEXTS = ["image", "user", "restart", "hostname"] as const;
const LISTS = [
  "profiles",
  "cap_add",
  "cap_drop",
  "dns",
  "entrypoint",
  "tmpfs",
  "expose",
  "security_opt",
  "group_add",
  "links",
  "volumes_from",
] as const;

type PrintedService = {
  readonly [text in (typeof TEXTS)[number]]?: string;
} & {
  readonly [list in (typeof LISTS)[number]]?: readonly string[];
} & {
  readonly deploy?: { readonly resources?: { readonly limits?: { readonly memory?: string } } };
  readonly labels?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string; readonly required?: boolean }>>;
  readonly networks?: object;
  readonly secrets?: readonly { readonly source: string }[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly interval?: string; readonly disable?: boolean };
  readonly logging?: { readonly driver?: string; readonly options?: Readonly<Record<string, string>> };
  readonly build?: {
    readonly context?: string;
    readonly dockerfile?: string;
    readonly target?: string;
    readonly args?: Readonly<Record<string, string | null>>;
  };
  readonly ports?: readonly {
    readonly host_ip?: string;
    readonly published?: string;
    readonly target: number;
    readonly protocol: string;
  }[];
  readonly volumes?: readonly {
    readonly type: string;
    readonly source?: string;
    readonly target: string;
    readonly read_only?: boolean;
  }[];
};

const names = (map: object | null | undefined): readonly string[] => Object.keys(map ?? {}).sort();
const sorted = (list: readonly string[]): readonly string[] => [...list].sort();

function seenThere({ services = {}, networks, volumes, secrets, configs }: Printed, folder: string): Seen {
  const inside = (path: string): string => (path.startsWith("/") ? relative(folder, path) || "." : path);
  const seen = Object.entries(services).map(([name, service]): readonly [string, Seen] => {
    const { build, healthcheck, logging } = service;
    return [
      name,
      {
        texts: TEXTS.map((key) => service[key]),
        lists: LISTS.map((key) => service[key] ?? []),
        memory: Number(service.deploy?.resources?.limits?.memory ?? 0),
        labels: service.labels ?? {},
        environment: service.environment ?? {},
        dependsOn: Object.entries(service.depends_on ?? {})
          .map(([on, { condition, required }]) => `${on} ${condition} ${String(required ?? true)}`)
          .sort(),
        networks: names(service.networks),
        secrets: sorted((service.secrets ?? []).map(({ source }) => source)),
        test: healthcheck?.test ?? [],
        interval: healthcheck?.interval,
        logging: [logging?.driver, logging?.options ?? {}],
        build: build && {
          context: inside(build.context ?? "."),
          dockerfile: build.dockerfile,
          target: build.target,
          args: build.args ?? {},
        },
        ports: sorted(
          (service.ports ?? []).map(
            ({ host_ip = "", published = "", target, protocol }) => `${host_ip}:${published}:${target}/${protocol}`,
          ),
        ),
        volumes: sorted(
          (service.volumes ?? []).map(({ type, source, target, read_only = false }) =>
            [type, type === "bind" ? inside(source ?? "") : (source ?? ""), target, read_only ? "ro" : "rw"].join(" "),
          ),
        ),
      },
    ];
  });
  return {
    services: Object.fromEntries(seen),
    networks: names(networks),
    volumes: names(volumes),
    secrets: names(secrets),
    configs: names(configs),
  };
}

function seenHere(document: string): Seen {
  const lookup: Lookup = ({ ask, path }) => {
    const place = join(dirname(document), path);
    if (!existsSync(place)) return ask === "path-kind" ? "missing" : { unknown: "it is missing" };
    if (ask === "path-kind") return statSync(place).isDirectory() ? "folder" : "file";
    return readFileSync(place, "utf8");
  };
  const compose = parseCompose(readFileSync(document, "utf8"), basename(document));
  const project = projectOf(compose, lookup);
  assert.ok(project.complete, "all of it was read");
  const seen = project.services.map((service) => [service.name, serviceHere(project, service)] as const);
  const usesDefault = project.services.some(({ map }) => isOnDefault(map));
  const networks = [...project.resources("networks").keys()];
  return {
    services: Object.fromEntries(seen),
    networks: sorted(usesDefault && !networks.includes("default") ? [...networks, "default"] : networks),
    volumes: sorted([...project.resources("volumes").keys()]),
    secrets: sorted([...project.resources("secrets").keys()]),
    configs: sorted([...project.resources("configs").keys()]),
  };
}

const isOnDefault = (map: ProjectService["map"]): boolean => !fieldOf(map, "networks") && !fieldOf(map, "network_mode");

/** Links and the like count as dependencies where `depends_on` does not name the service. */
function dependenciesHere(service: ProjectService): readonly string[] {
  const written = dependenciesOf(service);
  const named = new Set(written.map(({ name }) => name));
  const implied = referencesOf(service).filter(({ name }) => !named.has(name));
  const all = [
    ...written.map(({ name, condition, required }) => `${name} ${condition} ${String(required)}`),
    ...implied.map(({ name }) => `${name} service_started true`),
  ];
  return sorted([...new Set(all)]);
}

function serviceHere(project: Project, service: ProjectService): Seen {
  const { map } = service;
  assert.ok(service.complete, `all of ${service.name} was read`);
  const value = (text: string): string => {
    const known = project.textOf({ kind: "scalar", value: text, text, style: "plain", span: { start: 0, end: 0 } });
    return known?.text ?? text;
  };
  const text = (...path: readonly string[]): string | undefined => {
    const found = textOf(fieldOf(map, ...path)?.value);
    return found === undefined ? undefined : value(found);
  };
  const list = (...path: readonly string[]): readonly string[] => {
    const field = fieldOf(map, ...path);
    const single = textOf(field?.value);
    return single === undefined ? itemsOf(field?.value).map((item) => value(textOf(item) ?? "")) : [value(single)];
  };
  const pairs = (field: ReturnType<typeof fieldOf>): Readonly<Record<string, string>> =>
    Object.fromEntries(
      field?.value.kind === "map"
        ? field.value.entries.map((entry) => [entry.key, value(textOf(entry.value) ?? "")])
        : itemsOf(field?.value).map((item) => {
            const [key = "", ...rest] = (textOf(item) ?? "").split("=");
            return [key, value(rest.join("="))];
          }),
    );
  const build = buildOf(service);
  const logging = fieldOf(map, "logging", "options");
  const test = fieldOf(map, "healthcheck", "test");
  const words = list("healthcheck", "test");
  return {
    texts: TEXTS.map((key) => text(key)),
    lists: LISTS.map((key) => list(key)),
    memory: parseByteSize(text("deploy", "resources", "limits", "memory") ?? "0"),
    labels: pairs(fieldOf(map, "labels")),
    environment: Object.fromEntries(
      [...variablesOf(service).values()].map((each) => [each.name, each.text === undefined ? null : value(each.text)]),
    ),
    dependsOn: dependenciesHere(service),
    networks: isOnDefault(map) ? ["default"] : sorted(usesOf(service).networks.map(({ name }) => name)),
    secrets: sorted(usesOf(service).secrets.map(({ name }) => name)),
    test: test?.value.kind === "scalar" ? ["CMD-SHELL", ...words] : words,
    interval: text("healthcheck", "interval"),
    logging: [text("logging", "driver"), pairs(logging)],
    build: build && {
      context: value(build.context?.text ?? ".").replace(/^\.\/(?=.)/, ""),
      dockerfile: build.inline ? undefined : value(build.dockerfile?.text ?? "Dockerfile"),
      target: build.target && value(build.target.text),
      args: Object.fromEntries(
        build.args.map(({ key, text: argument }) => [key, argument === undefined ? null : value(argument)]),
      ),
    },
    ports: sorted(
      portsOf(service).flatMap(({ hostIp = "", published, target, protocol }) => {
        const all = target ? Array.from({ length: target.to - target.from + 1 }, (_, at) => target.from + at) : [];
        return all.map((port, at) => {
          const host = !published
            ? ""
            : all.length === 1 && published.to > published.from
              ? `${published.from}-${published.to}`
              : published.from + at;
          return `${hostIp}:${host}:${port}/${protocol}`;
        });
      }),
    ),
    volumes: sorted(
      mountsOf(service).map(({ type = "", source = "", target, readOnly }) => {
        const from = type === "bind" ? value(source).replace(/^\.\/(?=.)/, "") : source;
        return [type, from, target, readOnly ? "ro" : "rw"].join(" ");
      }),
    ),
  };
}
