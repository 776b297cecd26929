/** What the Dockerfile of a service says that a compose file may want: its stages, arguments, variables and ports. */
import { buildOf } from "../../model/compose/build.ts";
import { dockerfileOf } from "../../model/compose/file-mentions.ts";
import type { Service } from "../../model/compose/model.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { parseDockerfile } from "../../model/dockerfile/parse.ts";
import { exposesOf, portSpecs } from "../../model/dockerfile/ports.ts";
import { PLATFORM_ARGS } from "../../model/dockerfile/scope.ts";
import { type Look, textAt } from "./look.ts";

export interface Named {
  readonly name: string;
  /** A few words. */
  readonly detail: string;
}

/** Undefined when the service is not built, or the file is elsewhere or not known yet. */
export function dockerfileFor(service: Service | undefined, look: Look): Dockerfile | undefined {
  if (!service) return undefined;
  const inline = buildOf(service)?.inline;
  if (inline) return parseDockerfile(inline.text);
  const path = dockerfileOf(service);
  const text = path === undefined ? undefined : textAt(look, path);
  return text === undefined ? undefined : parseDockerfile(text);
}

export const stagesIn = ({ stages }: Dockerfile): readonly Named[] =>
  stages.flatMap(({ name, image }) => (name ? [{ name: name.text, detail: `FROM ${image?.text ?? ""}` }] : []));

export const argumentsIn = (dockerfile: Dockerfile): readonly Named[] =>
  pairsIn(dockerfile, "ARG").filter(({ name }) => !PLATFORM_ARGS.has(name));

export const variablesIn = (dockerfile: Dockerfile): readonly Named[] => pairsIn(dockerfile, "ENV");

/** The first of each name. */
function pairsIn({ instructions }: Dockerfile, keyword: "ARG" | "ENV"): readonly Named[] {
  const found = new Map<string, Named>();
  for (const { name: instruction, pairs } of instructions)
    for (const { key, value } of instruction === keyword ? pairs : [])
      if (!found.has(key.text))
        found.set(key.text, { name: key.text, detail: `${keyword} ${key.text}${value ? `=${value.text}` : ""}` });
  return [...found.values()];
}

/** Ports without what a variable hides; the protocol is named where it is not TCP. */
export function portsIn(dockerfile: Dockerfile): readonly Named[] {
  const found = new Map<string, Named>();
  for (const expose of exposesOf(dockerfile))
    for (const { hidden, container, protocol } of portSpecs(dockerfile, expose)) {
      if (hidden || !/^\d+$/.test(container)) continue;
      const name = protocol === undefined || protocol.toLowerCase() === "tcp" ? container : `${container}/${protocol}`;
      found.set(name, { name, detail: `EXPOSE ${name}` });
    }
  return [...found.values()];
}
