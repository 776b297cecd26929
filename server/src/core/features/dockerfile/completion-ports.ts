/** Ports for EXPOSE: those variables, compose files and the base image tell. */
import { baseImageOf, exposedPorts } from "../../model/dockerfile/facts.ts";
import { lineageInstructions, rootBase } from "../../model/dockerfile/stages.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { buildOf } from "../../model/compose/build.ts";
import { parseCompose } from "../../model/compose/parse.ts";
import { joined } from "../../model/compose/paths.ts";
import { portsOf } from "../../model/compose/ports.ts";
import { parseImageRef } from "../../model/image-ref.ts";
import { COMMON_PORTS } from "../compose/common-images.ts";
import { type Look, textAt } from "../compose/look.ts";
import type { Argument, Candidate, Inside } from "./completion-model.ts";

const COMPOSE_FILES = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const PORT_NAME = /(?:^|_)PORT$/;

export function portCandidates(inside: Inside, { typed, span }: Argument): readonly Candidate[] {
  const slash = typed.indexOf("/");
  if (slash !== -1)
    return ["tcp", "udp", "sctp"].map((label) => ({
      label,
      kind: "value",
      span: { start: inside.offset - (typed.length - slash - 1), end: span.end },
    }));
  const { dockerfile, stage, instruction } = inside;
  if (!stage) return [];
  const found = new Map<string, string>();
  const add = (port: string, detail: string): void => void (found.has(port) || found.set(port, detail));
  for (const { name, pairs } of lineageInstructions(dockerfile, stage).toReversed()) {
    if (name !== "ENV" && name !== "ARG") continue;
    for (const { key, value } of pairs) {
      const port = value && unquote(value.text, dockerfile.escape);
      if (PORT_NAME.test(key.text) && port !== undefined && /^\d{1,5}$/.test(port)) add(port, `${name} ${key.text}`);
    }
  }
  for (const [port, service] of composePorts(inside)) add(port, `service ${service} in the compose file`);
  const base = baseImageOf(dockerfile, stage);
  if (base?.port !== undefined) add(String(base.port), `of ${base.name}`);
  for (const port of commonPorts(inside)) add(String(port), "of the base image");
  const there = new Set(exposedPorts(dockerfile, stage).map(String));
  const own = new Set(
    instruction.words
      .filter(({ span: at }) => at.end < inside.offset || at.start > inside.offset)
      .map(({ text }) => text),
  );
  return [...found]
    .filter(([port]) => !there.has(port) || (!own.has(port) && typed === port))
    .map(([label, detail]) => ({ label, kind: "value", detail }));
}

function commonPorts({ dockerfile, stage }: Inside): readonly number[] {
  const base = stage && rootBase(dockerfile, stage);
  const parsed = base?.kind === "image" ? parseImageRef(base.reference) : undefined;
  if (!parsed?.ok || parsed.ref.domain !== "docker.io") return [];
  return COMMON_PORTS[parsed.ref.path.replace(/^library\//, "")] ?? [];
}

/** What services that build this very file listen on, with their names. */
function composePorts({ look, dockerfile, folder }: Inside): readonly (readonly [port: string, service: string])[] {
  const name = dockerfile.name ?? "Dockerfile";
  const beside = COMPOSE_FILES.flatMap((file) => portsIn(look, "", file, name));
  if (folder === undefined) return beside;
  return [...beside, ...COMPOSE_FILES.flatMap((file) => portsIn(look, "..", file, `../${folder}/${name}`))];
}

/** `own` is where the Dockerfile is from its own folder. */
function portsIn(look: Look, folder: string, name: string, own: string): readonly (readonly [string, string])[] {
  const path = joined(folder, name);
  const text = path === undefined ? undefined : textAt(look, path);
  if (text === undefined) return [];
  return parseCompose(text, name).services.flatMap((service) => {
    const build = buildOf(service);
    if (!build || build.inline) return [];
    const context = joined(folder, build.context?.text ?? ".");
    const file = context === undefined ? undefined : joined(context, build.dockerfile?.text ?? "Dockerfile");
    if (file !== own) return [];
    return portsOf(service).flatMap(({ target }) =>
      target && target.from === target.to ? [[String(target.from), service.name] as const] : [],
    );
  });
}
