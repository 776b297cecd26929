/** Each small grammar of compose values: where its text stands in a service, what the real compose makes of it, and what we do. */
import { parseByteSize } from "../../server/src/core/model/compose/byte-size.ts";
import { parseDevice } from "../../server/src/core/model/compose/device.ts";
import { parseDuration } from "../../server/src/core/model/compose/duration.ts";
import { parseEnvFile } from "../../server/src/core/model/compose/env-file.ts";
import { parseExtraHost } from "../../server/src/core/model/compose/extra-host.ts";
import { type Fault, isFault } from "../../server/src/core/model/compose/fault.ts";
import { interpolate } from "../../server/src/core/model/compose/interpolation.ts";
import { keyValue } from "../../server/src/core/model/compose/key-value.ts";
import { projectNameOf } from "../../server/src/core/model/compose/names.ts";
import { parsePort, type ShortPort } from "../../server/src/core/model/compose/port.ts";
import { parseBoolean, parseInteger, parseNumber } from "../../server/src/core/model/compose/scalars.ts";
import { mountTarget, parseVolume, type ShortVolume } from "../../server/src/core/model/compose/volume.ts";

/** What the environment has in every case. */
export const ENVIRONMENT: Readonly<Record<string, string>> = { A: "av", E: "" };
const environment = (name: string): string | undefined => ENVIRONMENT[name];

/** Null: refused. */
export type Answer = unknown;

export interface Grammar {
  /** What goes into the file for a text; dollar signs are doubled before, except where variables are the grammar. */
  readonly service?: (text: string) => object;
  readonly top?: (text: string) => object;
  /** The text is a file beside, `x.env`. */
  readonly file?: true;
  readonly variables?: true;
  /** From the project that `compose config --format json` prints. */
  readonly answer: (project: Project) => Answer;
  readonly ours: (text: string) => Answer;
}

interface Project {
  readonly name: string;
  readonly services: { readonly a: Readonly<Record<string, any>> };
}

export interface ValueCase {
  readonly grammar: string;
  readonly text: string;
  readonly answer: Answer;
}

const sound = <T extends object>(parsed: T | Fault, of: (value: T) => Answer): Answer =>
  isFault(parsed) ? null : of(parsed as T);

const undoubled = (text: string): string => text.replaceAll("$$", () => "$");

/** `--format json` doubles dollar signs. */
const plain = (value: Answer): Answer => JSON.parse(undoubled(JSON.stringify(value ?? {})));

const environmentOf = ({ services }: Project): Answer => plain(services.a["environment"]);

function ourEnvironment(text: string, format?: "raw"): Answer {
  const { entries, problems } = parseEnvFile(text, { format, environment });
  if (problems.some(({ refused }) => refused)) return null;
  const given = entries.filter(({ value, valueSpan }) => valueSpan !== undefined || value !== undefined);
  return Object.fromEntries(given.map(({ key, value }) => [key, value]));
}

function portsOf({ hostIp, published, target, protocol }: ShortPort): readonly string[] {
  const count = target.to - target.from + 1;
  return Array.from({ length: count }, (_, index) => {
    const first = published && published.from + index;
    const last = published && count === 1 && published.to > published.from ? `-${published.to}` : "";
    return [hostIp, first === undefined ? undefined : `${first}${last}`, target.from + index, protocol]
      .filter((part) => part !== undefined)
      .join(" ");
  }).sort();
}

const volumeOf = ({ type, source, target, readOnly, noCopy, propagation, selinux }: ShortVolume): Answer => ({
  type,
  ...(source !== undefined && { source }),
  target: mountTarget(target),
  ...(readOnly && { readOnly }),
  ...(noCopy && { noCopy }),
  ...(propagation !== undefined && { propagation }),
  ...(selinux !== undefined && { selinux }),
});

export const GRAMMARS: Readonly<Record<string, Grammar>> = {
  interpolation: {
    variables: true,
    service: (text) => ({ labels: { l: text } }),
    answer: ({ services }) => undoubled(services.a["labels"].l),
    ours: (text) => interpolate(text, environment, { unset: "empty" }) ?? null,
  },
  duration: {
    service: (text) => ({ stop_grace_period: text }),
    answer: ({ services }) => parseDuration(services.a["stop_grace_period"]),
    ours: (text) => parseDuration(text) ?? null,
  },
  "byte size": {
    service: (text) => ({ mem_limit: text }),
    answer: ({ services }) => Number(services.a["mem_limit"] ?? 0),
    ours: (text) => parseByteSize(text) ?? null,
  },
  number: {
    service: (text) => ({ cpus: text }),
    answer: ({ services }) => services.a["cpus"] ?? 0,
    ours: (text) => parseNumber(text) ?? null,
  },
  integer: {
    service: (text) => ({ scale: text }),
    answer: ({ services }) => services.a["scale"],
    ours: (text) => parseInteger(text) ?? null,
  },
  boolean: {
    service: (text) => ({ tty: text, stdin_open: text }),
    answer: ({ services }) => services.a["tty"] ?? false,
    ours: (text) => parseBoolean(text) ?? null,
  },
  port: {
    service: (text) => ({ ports: [text] }),
    answer: ({ services }) =>
      services.a["ports"]
        .map((port: Readonly<Record<string, string | number | undefined>>) =>
          [port["host_ip"], port["published"], port["target"], port["protocol"]]
            .filter((part) => part !== undefined)
            .join(" "),
        )
        .sort(),
    ours: (text) => sound(parsePort(text), portsOf),
  },
  volume: {
    service: (text) => ({ volumes: [text] }),
    answer: ({ services }) => {
      const { type, source, target, read_only: readOnly, volume, bind } = services.a["volumes"][0];
      return plain({
        type: source === undefined ? "anonymous" : type,
        ...(source !== undefined && { source }),
        target,
        ...(readOnly && { readOnly }),
        ...(volume?.nocopy && { noCopy: true }),
        ...(bind?.propagation && { propagation: bind.propagation }),
        ...(bind?.selinux && { selinux: bind.selinux }),
      });
    },
    ours: (text) => sound(parseVolume(text), volumeOf),
  },
  device: {
    service: (text) => ({ devices: [text] }),
    answer: ({ services }) => ({ permissions: "", ...services.a["devices"][0] }),
    ours: (text) => sound(parseDevice(text), ({ source, target, permissions }) => ({ source, target, permissions })),
  },
  "extra host": {
    service: (text) => ({ extra_hosts: [text] }),
    answer: ({ services }) => services.a["extra_hosts"],
    ours: (text) =>
      sound(parseExtraHost(text), ({ host, addresses }) => addresses.map(({ address }) => `${host}=${address}`).sort()),
  },
  "environment item": {
    service: (text) => ({ environment: [text] }),
    answer: environmentOf,
    ours: (text) => {
      const { key, value, keyEndsInSpace } = keyValue(text);
      return keyEndsInSpace ? null : { [key]: value ?? environment(key) ?? null };
    },
  },
  "label item": {
    service: (text) => ({ labels: [text] }),
    answer: ({ services }) => plain(services.a["labels"]),
    ours: (text) => {
      const { key, value } = keyValue(text);
      return { [key]: value ?? "" };
    },
  },
  "env file": {
    file: true,
    service: () => ({ env_file: ["x.env"] }),
    answer: environmentOf,
    ours: (text) => ourEnvironment(text),
  },
  "raw env file": {
    file: true,
    service: () => ({ env_file: [{ path: "x.env", format: "raw" }] }),
    answer: environmentOf,
    ours: (text) => ourEnvironment(text, "raw"),
  },
  "project name": {
    top: (text) => ({ name: text }),
    answer: ({ name }) => name,
    ours: projectNameOf,
  },
};
