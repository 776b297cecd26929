/** What can be done with a service, and with all of them: above each service's name, and above `services`. */
import { fieldOf } from "../../model/compose/fields.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import type { Span } from "../../text/edit.ts";

export type Verb = "up" | "down" | "logs" | "restart" | "config";

export interface Lens {
  readonly span: Span;
  readonly title: string;
  readonly verb: Verb;
  /** Absent for all services. */
  readonly service?: string;
}

const OF_FILE: readonly (readonly [Verb, string])[] = [
  ["up", "Up"],
  ["logs", "Logs"],
  ["config", "Config"],
  ["down", "Down"],
];
const OF_SERVICE: readonly (readonly [Verb, string])[] = [
  ["up", "Up"],
  ["logs", "Logs"],
  ["restart", "Restart"],
  ["config", "Config"],
];

/** Services that stand elsewhere, behind an alias or a merge key, have none. */
export function lensesOf(compose: ComposeFile): readonly Lens[] {
  const services = fieldOf(compose.root, "services");
  const here = compose.services.filter(({ via }) => via === undefined);
  if (!services || here.length === 0) return [];
  return [
    ...OF_FILE.map(([verb, title]): Lens => ({ span: services.keySpan, title, verb })),
    ...here.flatMap(({ name, nameSpan }) =>
      OF_SERVICE.map(([verb, title]): Lens => ({ span: nameSpan, title, verb, service: name })),
    ),
  ];
}

const ARGUMENTS: Readonly<Record<Verb, readonly string[]>> = {
  up: ["up", "--detach"],
  down: ["down"],
  logs: ["logs", "--follow"],
  restart: ["restart"],
  config: ["config"],
};

export const isVerb = (text: string): text is Verb => Object.hasOwn(ARGUMENTS, text);

/** Behind `docker` or `podman`. Whatever a name begins with, `--` says that it is none of the options. */
export const composeArguments = (
  files: readonly string[],
  verb: Verb,
  service: string | undefined,
): readonly string[] => [
  "compose",
  ...files.flatMap((file) => ["--file", file]),
  ...ARGUMENTS[verb],
  ...(service === undefined ? [] : ["--", service]),
];
