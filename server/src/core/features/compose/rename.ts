/**
 * Renames a service, network, volume, secret, config, model, profile or anchor in every file that means the same by it, or says why
 * not. No use is left behind: what may hold one and cannot be read is a reason.
 */
import { parseEnvFile } from "../../model/compose/env-file.ts";
import { fileMentions } from "../../model/compose/file-mentions.ts";
import { fieldOf, isSet, textOf } from "../../model/compose/fields.ts";
import { scalarKind } from "../../model/compose/go-yaml.ts";
import {
  declaredAs,
  nameAt,
  type NameKind,
  type NamePlace,
  namesOf,
  type ResourceKind,
} from "../../model/compose/name-index.ts";
import { type Edit, replace, type Span } from "../../text/edit.ts";
import type { YamlNode } from "../../text/yaml.ts";
import { type Files, folderOf, nameOf, pathFrom } from "./files.ts";
import { servicesWithHost } from "./host-mentions.ts";
import { type FilePlace, type Meaning, meaningAt } from "./places.ts";

/** A sentence without its full stop. */
export interface Refusal {
  readonly refusal: string;
}

export interface Renameable {
  readonly kind: NameKind;
  /** What is selected, and is in the field when it opens. */
  readonly span: Span;
  readonly name: string;
}

export interface Renaming {
  /** By file. */
  readonly edits: ReadonlyMap<string, readonly Edit[]>;
  /** What else changes with the name, beyond these files: to be confirmed where an editor can ask. */
  readonly consequence?: string;
  /** What stays with the old name, for somebody to look at. */
  readonly left?: string;
}

/** Undefined when no name stands there. */
export function renameableAt(path: string, offset: number, files: Files): Renameable | Refusal | undefined {
  const found = subjectAt(path, offset, files);
  if (!found || "refusal" in found) return found;
  const { kind, name } = found.meaning;
  return { kind, name, span: found.span };
}

export function renameAt(path: string, offset: number, to: string, files: Files): Renaming | Refusal | undefined {
  const found = subjectAt(path, offset, files);
  if (!found || "refusal" in found) return found;
  const { meaning } = found;
  if (to === meaning.name) return { edits: new Map() };
  const against = whyNotCalled(meaning, to) ?? clash(meaning, to, files);
  if (against !== undefined) return { refusal: against };
  const edits = new Map<string, Edit[]>();
  const add = (file: string, edit: Edit): void => void edits.set(file, [...(edits.get(file) ?? []), edit]);
  const quoted = needsQuotes(to) ? JSON.stringify(to) : to;
  for (const place of meaning.places) add(place.path, replace(place.span, place.bare ? quoted : to));
  if (meaning.kind === "profile") for (const { file, edit } of environmentProfiles(meaning, to, files)) add(file, edit);
  const consequences = [consequenceOf(meaning, to, files), unseenBy(meaning, files)].filter(
    (each) => each !== undefined,
  );
  const left = hostsLeft(meaning, files);
  return {
    edits,
    ...(consequences.length > 0 && { consequence: consequences.join(". ") }),
    ...(left !== undefined && { left }),
  };
}

interface Subject {
  readonly span: Span;
  readonly meaning: Meaning;
}

function subjectAt(path: string, offset: number, files: Files): Subject | Refusal | undefined {
  const compose = files.compose(path);
  const place = compose && nameAt(compose, offset);
  const meaning = meaningAt(path, offset, files);
  if (!place || !meaning) return undefined;
  const refusal = declaredNowhere(path, place, files) ?? whyFixed(meaning, files);
  return refusal === undefined ? { span: place.span, meaning } : { refusal };
}

/** A service that is extended in a file that is not there, or cannot be read. */
function declaredNowhere(path: string, { name, file }: NamePlace, files: Files): string | undefined {
  const to = file === undefined ? undefined : pathFrom(path, file);
  if (file === undefined || (to !== undefined && files.kind(to) === "file")) return undefined;
  const why = to === undefined ? "it is not on this machine" : files.whyUnread(to);
  return `${name} is a service of ${file}, which ${why === undefined ? "is not there" : `cannot be read: ${why}`}`;
}

/** Why the name cannot be another one, whatever that is. */
function whyFixed(meaning: Meaning, files: Files): string | undefined {
  const { kind, name } = meaning;
  if (kind === "anchor") return undefined;
  if (kind === "network" && name === "default")
    return "default is the network of services that name none: under another name they would not be in it";
  return outsideName(meaning, files) ?? unread(meaning, files) ?? spelledOddly(meaning, files);
}

/** What is external and has no `name:` is called outside of the project as it is here. */
function outsideName({ kind, name, files: paths }: Meaning, files: Files): string | undefined {
  if (kind === "anchor" || kind === "profile") return undefined;
  for (const path of paths) {
    const node = declarationIn(path, kind, name, files);
    if (node && isExternal(node) && ownName(node) === undefined)
      return `${name} is external: it is the ${kind}'s name outside of this project. Write name: ${name} below it in ${nameOf(path)}, then its key can be renamed`;
  }
  return undefined;
}

function declarationIn(path: string, kind: ResourceKind, name: string, files: Files): YamlNode | undefined {
  const compose = files.compose(path);
  return compose && declaredAs(compose, kind, name);
}

function isExternal(node: YamlNode): boolean {
  const external = fieldOf(node, "external")?.value;
  return external?.kind === "map" || /^(?:true|yes|on|y)$/i.test(textOf(external) ?? "");
}

/** The name that holds outside of the file, where one is written. */
const ownName = (node: YamlNode): string | undefined =>
  textOf(fieldOf(node, "name")?.value) ?? textOf(fieldOf(node, "external", "name")?.value);

/** Files that are named, are or may be there, and cannot be read: they may use the name. */
function unread({ name, files: paths, places }: Meaning, files: Files): string | undefined {
  const all = new Set([...paths, ...places.map(({ path }) => path)]);
  for (const path of all) {
    const compose = files.compose(path);
    for (const mention of compose ? fileMentions(compose) : []) {
      if (mention.role !== "include" && mention.role !== "extends") continue;
      const to = pathFrom(path, mention.path);
      const why = to === undefined ? "it is not on this machine" : files.whyUnread(to);
      if (why !== undefined)
        return `${mention.path}, which ${nameOf(path)} names, may use ${name} too and cannot be read: ${why}`;
    }
  }
  return undefined;
}

function spelledOddly({ name, places }: Meaning, files: Files): string | undefined {
  const odd = places.find(({ exact }) => !exact);
  if (odd)
    return `${name} is spelled with escapes or over several lines in ${nameOf(odd.path)}: write it plainly there first`;
  const shared = places.find((place) => hasTwoMeanings(place, files));
  return (
    shared &&
    `${name} in ${nameOf(shared.path)} stands behind an anchor and names other things as well: write it out there first`
  );
}

/** One text that an anchor brings to places of several kinds. */
function hasTwoMeanings({ path, span, kind }: FilePlace, files: Files): boolean {
  const compose = files.compose(path);
  const all = compose ? namesOf(compose).places : [];
  return all.some((other) => other.kind !== kind && other.span.start === span.start && other.span.end === span.end);
}

const NAME = /^[a-zA-Z0-9._-]+$/;
const PROFILE = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;
const ANCHOR = /^[^\s[\]{},:*&#!|>'"%@`]+$/;

/** Why compose does not take the name, or takes it for something else. */
function whyNotCalled({ kind, places }: Meaning, to: string): string | undefined {
  if (to === "") return "A name has at least one character";
  if (kind === "anchor")
    return ANCHOR.test(to)
      ? undefined
      : `${to} cannot be an anchor: blanks, commas, brackets and the like end its name`;
  if (kind === "profile")
    return PROFILE.test(to)
      ? undefined
      : `${to} cannot be a profile: compose takes two or more letters, digits, _, . and -, the first a letter or digit`;
  if (!NAME.test(to)) return `${to} cannot be the name of a ${kind}: compose takes letters, digits, _, . and - only`;
  if (kind === "service" && to.startsWith("x-"))
    return `${to} cannot be a service: what begins with x- is an extension, which compose leaves out`;
  if (kind === "network" && to === "default")
    return "default is the network of services that name none: under this name they would be in it too";
  if (!places.some(({ short }) => short)) return undefined;
  if (to.startsWith("."))
    return `${to} cannot be the volume's name: where it is mounted, compose would take it for a path`;
  if (/^[a-zA-Z]$/.test(to))
    return `${to} cannot be the volume's name: where it is mounted, compose would take it for a drive of Windows`;
  return undefined;
}

/** A name that is taken in one of the files: two things would become one. */
function clash({ kind, name, files: paths, places }: Meaning, to: string, files: Files): string | undefined {
  for (const path of new Set([...paths, ...places.map((place) => place.path)])) {
    const compose = files.compose(path);
    if (!compose) continue;
    const isIn = paths.includes(path);
    const taken = namesOf(compose).places.some(
      (place) => isIn && place.kind === kind && place.name === to && place.file === undefined && !isMerely(place),
    );
    if (taken)
      return `There is ${article(kind)} ${kind} ${to} in ${nameOf(path)} already: ${name} and ${to} would become one`;
  }
  return undefined;
}

/** A use alone takes no name; profiles are uses, and so are anchors' aliases of an anchor that is there. */
const isMerely = ({ kind, role }: FilePlace | Omit<FilePlace, "path">): boolean => kind !== "profile" && role === "use";

const article = (kind: NameKind): string => (kind === "anchor" ? "an" : "a");

/** True when YAML would not take the bare word for a text, or not for a word. */
const needsQuotes = (name: string): boolean =>
  name.startsWith("-") ||
  scalarKind({ kind: "scalar", style: "plain", text: name, value: name, span: { start: 0, end: 0 } }) !== "string";

/** `COMPOSE_PROFILES` in the `.env` of each folder: what is switched on there has to stay so. */
function environmentProfiles({ name, files: paths }: Meaning, to: string, files: Files) {
  return [...new Set(paths.map((path) => `${folderOf(path).replace(/\/$/, "")}/.env`))].flatMap((file) => {
    const text = files.text(file);
    const entries = text === undefined ? [] : parseEnvFile(text).entries;
    return entries.flatMap(({ key, valueSpan }) => {
      if (key !== "COMPOSE_PROFILES" || !valueSpan || text === undefined) return [];
      const value = text.slice(valueSpan.start, valueSpan.end);
      return [...value.matchAll(/[^,\s"']+/g)].flatMap(({ 0: profile, index }) => {
        const start = valueSpan.start + index;
        return profile === name ? [{ file, edit: replace({ start, end: start + name.length }, to) }] : [];
      });
    });
  });
}

const unseenBy = ({ kind, name }: Meaning, { unseen }: Files): string | undefined =>
  kind === "anchor" || unseen === undefined
    ? undefined
    : `Other files that may use ${name} could not be looked for: ${unseen}`;

/** A service's name is its host name, which other services have in addresses. */
function hostsLeft({ kind, name, files: paths }: Meaning, files: Files): string | undefined {
  if (kind !== "service") return undefined;
  const places = paths.flatMap((path) => {
    const compose = files.compose(path);
    const services = compose ? servicesWithHost(compose, name) : [];
    return services.length === 0 ? [] : `${services.join(", ")} in ${nameOf(path)}`;
  });
  return places.length === 0
    ? undefined
    : `${name} was not renamed where it seems to be a host name: ${places.join("; ")}`;
}

/** What changes outside of the files. */
function consequenceOf({ kind, name, files: paths, places }: Meaning, to: string, files: Files): string | undefined {
  if (kind === "anchor" || kind === "profile" || kind === "service" || kind === "network") return undefined;
  const nodes = paths.flatMap((path) => declarationIn(path, kind, name, files) ?? []);
  if (kind === "volume") {
    const keepsName = nodes.length === 0 || nodes.some((node) => isSet(node) && ownName(node) !== undefined);
    return keepsName
      ? undefined
      : `The volume itself gets another name: compose makes a new, empty one for ${to}, and the data stays in the one of ${name}. With name: below the key it would keep its name`;
  }
  if (!places.some(({ short }) => short)) return undefined;
  if (kind === "secret")
    return `Services that give no target find the secret at /run/secrets/${to} instead of /run/secrets/${name}, and builds by the id ${to}`;
  if (kind === "config") return `Services that give no target find the config at /${to} instead of /${name}`;
  return `Services that name no variables get the model's under names made of ${to} instead of ${name}`;
}
