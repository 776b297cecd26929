/** Which names may stand where, by the schema's path. */
import { fieldOf, textOf } from "../../model/compose/fields.ts";
import { healthTestOf, imageNameOf } from "../../model/compose/known-images.ts";
import { namesOf } from "../../model/compose/name-index.ts";
import { parseCompose } from "../../model/compose/parse.ts";
import { localPath } from "../../model/compose/paths.ts";
import { SIGNALS } from "../../model/dockerfile/signals.ts";
import type { Candidate, CompletionKind, Setting } from "./completion-model.ts";
import { pathCandidates, pathsIn } from "./completion-paths.ts";
import { argumentsIn, dockerfileFor, type Named, portsIn, stagesIn, variablesIn } from "./from-dockerfile.ts";
import { COMMON_IMAGES, COMMON_PORTS, COMMON_VARIABLES } from "./common-images.ts";
import { textAt } from "./look.ts";

type Source = (setting: Setting) => readonly Candidate[];

const fixed =
  (kind: CompletionKind, ...values: readonly string[]): Source =>
  () =>
    values.map((value) => ({ value, kind }));

const named = (names: Iterable<string>, detail: string): readonly Candidate[] =>
  [...new Set(names)].map((value) => ({ value, kind: "name", detail }));

type ResourceSection = "networks" | "volumes" | "secrets" | "configs" | "models";

/** As the text has them now, and what other files of the project add. */
const resources =
  (section: ResourceSection): Source =>
  ({ glance, project }) =>
    named([...(glance.names.get(section) ?? []), ...project().resources(section).keys()], section.slice(0, -1));

const services: Source = ({ glance, project, cursor }) => {
  const all = [...(glance.names.get("services") ?? []), ...project().services.map(({ name }) => name)];
  return named(all, "service").filter(({ value }) => value !== cursor.path[1]);
};

const shared: Source = (setting) =>
  services(setting).map((candidate) => ({ ...candidate, value: `service:${candidate.value}` }));

/** The services of the file that `extends` names, or of this one. */
const extended: Source = (setting) => {
  const file = textOf(fieldOf(setting.service()?.map, "extends", "file")?.value);
  if (file === undefined) return services(setting);
  const path = localPath(file);
  const text = path === undefined ? undefined : textAt(setting.look, path);
  return text === undefined
    ? []
    : named(
        parseCompose(text).services.map(({ name }) => name),
        file,
      );
};

const networks: Source = (setting) => {
  const found = resources("networks")(setting);
  const usual: Candidate = { value: "default", kind: "name", detail: "the project's own network" };
  return found.some(({ value }) => value === "default") ? found : [...found, usual];
};

const profiles: Source = ({ compose }) =>
  named(
    namesOf(compose).places.flatMap(({ kind, name }) => (kind === "profile" ? name : [])),
    "profile",
  );

type Reader = (dockerfile: NonNullable<ReturnType<typeof dockerfileFor>>) => readonly Named[];

const fromDockerfile = ({ service, look }: Setting, read: Reader): readonly Named[] => {
  const dockerfile = dockerfileFor(service(), look);
  return dockerfile ? read(dockerfile) : [];
};

const stages: Source = (setting) =>
  fromDockerfile(setting, stagesIn).map(({ name, detail }) => ({ value: name, kind: "name", detail }));

/** Names of variables: with an equals sign in a list, and not those that have a line already. */
const variables =
  (read: (setting: Setting) => readonly Named[]): Source =>
  (setting) => {
    const { cursor } = setting;
    if (cursor.at === "item" && cursor.typed.includes("=")) return [];
    const inList = cursor.at === "item" || cursor.items.size > 0;
    const there = new Set([...cursor.items].map((item) => item.split("=", 1)[0]));
    return read(setting)
      .filter(({ name }) => !there.has(name))
      .map(({ name, detail }) => ({
        value: inList ? `${name}=` : name,
        label: name,
        kind: "variable",
        detail,
        raw: inList,
      }));
  };

/** The repository of the image a service runs. */
const imageOf = ({ service }: Setting): string => {
  const found = service();
  return (found && imageNameOf(found)) ?? "";
};

const commonTo = <T>(table: Readonly<Record<string, readonly T[]>>, image: string): readonly T[] =>
  Object.hasOwn(table, image) ? (table[image] ?? []) : [];

const environment = variables((setting) => {
  const image = imageOf(setting);
  return [
    ...commonTo(COMMON_VARIABLES, image).map((name) => ({ name, detail: image })),
    ...fromDockerfile(setting, variablesIn),
    ...fromDockerfile(setting, argumentsIn),
  ];
});

const shellVariables: Source = ({ project }) =>
  [...project().environment.values.keys()].map((value) => ({ value, kind: "variable", detail: ".env" }));

/** Those the Dockerfile exposes, and those a known image listens on. */
function portsOf(setting: Setting): readonly Named[] {
  const image = imageOf(setting);
  const common = commonTo(COMMON_PORTS, image).map((port) => ({ name: String(port), detail: image }));
  return [...fromDockerfile(setting, portsIn), ...common];
}

const ports =
  (write: (port: string) => string, quoted: boolean): Source =>
  (setting) =>
    portsOf(setting).map(({ name, detail }) => ({
      value: write(name),
      kind: "value",
      detail,
      quoted,
      raw: !quoted,
    }));

const withoutProtocol = (port: string): string => port.replace(/\/.*$/, "");

const IMAGE = /^[ \t-]*image:[ \t]*["']?([\w./@:-]+)(?![\w./@:$-])/gm;
/** The colon of a registry's port has a slash behind it. */
const TAG = /:[^/]*$/;
const withoutTag = (image: string): string => image.replace(/@.*$/, "").replace(TAG, "");

/** Those of the file, and names that are known well; behind a colon the tags the file uses. */
const images: Source = ({ text, cursor: { span, typed } }) => {
  const used = new Set<string>();
  for (const { 0: all, 1: image = "", index } of text.matchAll(IMAGE)) {
    const end = index + all.length;
    if (end < span.start || end > span.end) used.add(image);
  }
  const fromFile = [...used].map((value): Candidate => ({ value, kind: "image", detail: "used in this file" }));
  if (TAG.test(typed)) return fromFile.filter(({ value }) => value.startsWith(typed.replace(TAG, ":")));
  const names = new Set([...used].map(withoutTag));
  const common = Object.entries(COMMON_IMAGES).filter(([name]) => !names.has(name));
  return [...fromFile, ...common.map(([value, detail]): Candidate => ({ value, kind: "image", detail }))];
};

const OPTIONS: Readonly<Record<string, string>> = {
  ro: "read only",
  rw: "read and write",
  z: "SELinux: any container may use it",
  Z: "SELinux: this container alone may use it",
  nocopy: "a new volume stays empty",
};

/** `source:target:options`. */
const mounts: Source = (setting) => {
  const { cursor, offset } = setting;
  const parts = cursor.typed.split(":");
  const last = parts.at(-1) ?? "";
  if (parts.length > 2) {
    const option = last.split(",").at(-1) ?? "";
    const part = { start: offset - option.length, end: cursor.span.end };
    return Object.entries(OPTIONS).map(([value, detail]) => ({ value, kind: "value", detail, part }));
  }
  if (parts.length > 1) return [];
  if (/^[./~]/.test(last)) return pathCandidates(setting, { base: "." });
  const hasTarget = setting.text.slice(offset, cursor.span.end).includes(":");
  const end = hasTarget ? setting.text.indexOf(":", offset) : cursor.span.end;
  return [
    ...resources("volumes")(setting).map((candidate) => ({
      ...candidate,
      value: hasTarget ? candidate.value : `${candidate.value}:`,
      label: candidate.value,
      raw: true,
      part: { start: cursor.span.start, end },
    })),
    { value: "./", kind: "folder", detail: "this folder", raw: true, part: { start: cursor.span.start, end } },
  ];
};

const mountSource: Source = (setting) =>
  /^[./~]/.test(setting.cursor.typed)
    ? pathCandidates(setting, { base: "." })
    : [...resources("volumes")(setting), { value: "./", kind: "folder", raw: true }];

const COMPOSE_FILE = /\.ya?ml$/;
const ENV_FILE = /\.?env(?:$|\.)/;
const DOCKERFILE = /^(?:.*\.)?(?:Docker|Container)file(?:\..*)?$/i;

const files =
  (likely?: RegExp): Source =>
  (setting) =>
    pathCandidates(setting, { base: ".", likely });
const folders: Source = (setting) => pathCandidates(setting, { base: ".", onlyFolders: true });

/** Relative to the context. */
const dockerfiles: Source = (setting) => {
  const context = textOf(fieldOf(setting.service()?.map, "build", "context")?.value) ?? ".";
  return pathsIn(context) ? pathCandidates(setting, { base: context, likely: DOCKERFILE }) : [];
};

const tests: Source = ({ cursor }) =>
  cursor.items.size > 0 ? [] : ["CMD", "CMD-SHELL", "NONE"].map((value) => ({ value, kind: "value", quoted: true }));
/** The command that is known for the image first. */
const testValue: Source = (setting) => {
  if (setting.cursor.typed !== "") return [];
  const service = setting.service();
  const test = service && healthTestOf(service);
  const words =
    test && ("command" in test ? ["CMD", ...test.command] : "shell" in test ? ["CMD-SHELL", test.shell] : undefined);
  const known = words && `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
  return [
    ...(known === undefined ? [] : [{ value: known, kind: "value", detail: imageOf(setting), raw: true } as const]),
    { value: '["CMD", ""]', kind: "value", detail: "a program", raw: true, snippet: '["CMD", "${1:program}"]' },
    {
      value: '["CMD-SHELL", ""]',
      kind: "value",
      detail: "a line for the shell",
      raw: true,
      snippet: '["CMD-SHELL", "${1:line}"]',
    },
  ];
};

const SIGNAL_NAMES = ["TERM", "INT", "QUIT", "KILL", "HUP", "USR1", "USR2", "WINCH"].filter((name) =>
  SIGNALS.has(name),
);
const platforms = fixed(
  "value",
  "linux/amd64",
  "linux/arm64",
  "linux/arm/v7",
  "linux/arm/v6",
  "linux/386",
  "linux/ppc64le",
  "linux/riscv64",
  "linux/s390x",
  "windows/amd64",
);
const ulimits = fixed("name", "nofile", "nproc", "memlock", "core", "stack", "fsize", "rtprio");
const file = files();
const anyEnvFile = files(ENV_FILE);
const composeFiles = files(COMPOSE_FILE);

/** Items and keys stand below `*`. */
export const SOURCES: Readonly<Record<string, Source>> = {
  "include.*": composeFiles,
  "include.*.path": composeFiles,
  "include.*.path.*": composeFiles,
  "include.*.env_file": anyEnvFile,
  "include.*.env_file.*": anyEnvFile,
  "include.*.project_directory": folders,
  "services.*.image": images,
  "services.*.build": folders,
  "services.*.build.context": folders,
  "services.*.build.dockerfile": dockerfiles,
  "services.*.build.target": stages,
  "services.*.build.args.*": variables((setting) => fromDockerfile(setting, argumentsIn)),
  "services.*.build.additional_contexts.*": (setting) =>
    setting.cursor.at === "value" ? [...folders(setting), ...shared(setting)] : [],
  "services.*.build.secrets.*": resources("secrets"),
  "services.*.build.secrets.*.source": resources("secrets"),
  "services.*.build.platforms.*": platforms,
  "services.*.build.ulimits.*": ulimits,
  "services.*.depends_on.*": services,
  "services.*.links.*": services,
  "services.*.volumes_from.*": services,
  "services.*.extends": services,
  "services.*.extends.service": extended,
  "services.*.extends.file": composeFiles,
  "services.*.network_mode": shared,
  "services.*.ipc": shared,
  "services.*.pid": shared,
  "services.*.networks.*": networks,
  "services.*.volumes.*": mounts,
  "services.*.volumes.*.source": mountSource,
  "services.*.secrets.*": resources("secrets"),
  "services.*.secrets.*.source": resources("secrets"),
  "services.*.configs.*": resources("configs"),
  "services.*.configs.*.source": resources("configs"),
  "services.*.credential_spec.config": resources("configs"),
  "services.*.models.*": resources("models"),
  "services.*.profiles.*": profiles,
  "services.*.env_file": anyEnvFile,
  "services.*.env_file.*": anyEnvFile,
  "services.*.env_file.*.path": anyEnvFile,
  "services.*.label_file": file,
  "services.*.label_file.*": file,
  "services.*.environment.*": environment,
  "services.*.ports.*": ports((port) => `${withoutProtocol(port)}:${port}`, true),
  "services.*.ports.*.target": ports(withoutProtocol, false),
  "services.*.expose.*": ports((port) => port, true),
  "services.*.platform": platforms,
  "services.*.stop_signal": fixed("value", ...SIGNAL_NAMES.map((name) => `SIG${name}`)),
  "services.*.ulimits.*": ulimits,
  "services.*.sysctls.*": fixed(
    "name",
    "net.core.somaxconn",
    "net.ipv4.ip_forward",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv6.conf.all.disable_ipv6",
  ),
  "services.*.logging.options.*": fixed("name", "max-size", "max-file", "compress", "labels", "env", "tag"),
  "services.*.healthcheck.test": testValue,
  "services.*.healthcheck.test.*": tests,
  "services.*.develop.watch.*.path": file,
  "secrets.*.file": file,
  "secrets.*.environment": shellVariables,
  "configs.*.environment": shellVariables,
  "configs.*.file": file,
};
