/** What rules about services share: which services they look at, where they report, how a change becomes a fix. */
import { fieldOf, textOf } from "../model/compose/fields.ts";
import { hasVariables } from "../model/compose/interpolation.ts";
import type { Change, ComposeFile, Field } from "../model/compose/model.ts";
import type { Project, ProjectService } from "../model/compose/project.ts";
import type { Fix, Remedy, Safety } from "../rule.ts";
import type { Edit, Span } from "../text/edit.ts";
import type { Via, YamlMap, YamlNode } from "../text/yaml.ts";

/** The services a finding of this file can be about. */
export const servicesHere = ({ services }: Project): readonly ProjectService[] =>
  services.filter(({ isHere }) => isHere);

/** Those that run a container of which everything is known: what they do not say, they lack. */
export const knownContainers = (project: Project): readonly ProjectService[] =>
  servicesHere(project).filter(
    ({ complete, map }) => complete && map !== undefined && fieldOf(map, "provider") === undefined,
  );

/** At its key; at the service's name when it stands elsewhere. */
export const placeOfKey = ({ nameSpan }: ProjectService, { via, keySpan }: Field): Span => (via ? nameSpan : keySpan);

/** At a span that belongs to a part of the service; at its name when the part stands elsewhere. */
export const placeOf = ({ nameSpan }: ProjectService, part: { readonly via?: Via }, span: Span): Span =>
  part.via ? nameSpan : span;

/** What the service says in this file, as edits need it. */
export const mapHere = (compose: ComposeFile, { name }: ProjectService): YamlMap | undefined =>
  compose.services.find((service) => service.name === name)?.map;

/** What a scalar says, where no variable decides it. */
export function plainText(node: YamlNode | undefined): string | undefined {
  const text = textOf(node);
  return text === undefined || hasVariables(text) ? undefined : text;
}

/** Compose takes these for true in any case. */
export const isTrue = (node: YamlNode | undefined): boolean => /^(?:true|yes|y|on)$/i.test(textOf(node) ?? "");

const ELSEWHERE: Change = { refusal: "the service is not written in this file" };

/** A change of what the service says here. */
export function changeOf(
  compose: ComposeFile,
  service: ProjectService,
  make: (map: YamlMap) => Change,
): Change {
  const map = mapHere(compose, service);
  return map ? make(map) : ELSEWHERE;
}

/** The change as a fix, or the reason why there is none. */
export function remedyOf(title: string, change: Change, safety: Safety = "unsafe", stops: readonly string[] = []): Remedy {
  return "refusal" in change ? { refusal: change.refusal } : { fixes: [fixOf(title, change.edits, safety, stops)] };
}

/** With `stops`, the texts among what is inserted that a person may want to change. */
function fixOf(title: string, edits: readonly Edit[], safety: Safety, stops: readonly string[]): Fix {
  if (stops.length === 0) return { title, safety, edits };
  return { title, safety, edits, snippet: edits.map(({ span, text }) => ({ span, text: withStops(text, stops) })) };
}

/** The text as a snippet in which each of these texts, where it comes first, is a tab stop. */
export function withStops(text: string, stops: readonly string[]): string {
  let out = "";
  let rest = text;
  for (const [index, stop] of stops.entries()) {
    const at = rest.indexOf(stop);
    if (at === -1) continue;
    out += `${asSnippet(rest.slice(0, at))}\${${index + 1}:${asSnippet(stop)}}`;
    rest = rest.slice(at + stop.length);
  }
  return out + asSnippet(rest);
}

const asSnippet = (text: string): string => text.replace(/[\\$}]/g, "\\$&");
