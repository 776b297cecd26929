/** What rules about services share: which services they look at, where they report, how a change becomes a fix. */
import { draftOf } from "../assists/compose/assist.ts";
import { withTabStops } from "../assists/compose/tab-stops.ts";
import { dependenciesOf } from "../model/compose/dependencies.ts";
import { elsewhere } from "../model/compose/editable.ts";
import { fieldOf, textOf } from "../model/compose/fields.ts";
import { hasVariables } from "../model/compose/interpolation.ts";
import { keepingComments } from "../model/compose/kept-comments.ts";
import type { Change, ComposeFile, Field } from "../model/compose/model.ts";
import { removeItem, removeKey } from "../model/compose/patch.ts";
import type { Project, ProjectService } from "../model/compose/project.ts";
import type { Remedy, Safety } from "../rule.ts";
import type { Span } from "../text/edit.ts";
import type { Via, YamlMap, YamlNode } from "../text/yaml.ts";

/** The services a finding of this file can be about. */
export const servicesHere = ({ services }: Project): readonly ProjectService[] =>
  services.filter(({ isHere }) => isHere);

/** Those that run a container of which everything is known: what they do not say, they lack. */
export const knownContainers = (project: Project): readonly ProjectService[] =>
  servicesHere(project).filter(
    ({ complete, map }) => complete && map !== undefined && fieldOf(map, "provider") === undefined,
  );

/** Of these, what runs on Linux: the others know no capabilities, no setuid and no read-only root. */
export const linuxContainers = (project: Project): readonly ProjectService[] =>
  knownContainers(project).filter(
    ({ map }) => !WINDOWS.test(texts(map, "image", "platform")) && !fieldOf(map, "isolation"),
  );

const WINDOWS = /windows|nanoserver|servercore/i;

const texts = (map: YamlMap | undefined, ...keys: readonly string[]): string =>
  keys.map((key) => textOf(fieldOf(map, key)?.value) ?? "").join(" ");

/** Words in the names of what runs to its end. */
const ENDING =
  "init setup migrat\\w* seed\\w* bootstrap install\\w* create\\w* provision\\w* tests? e2e lint backup job import\\w* loader " +
  "builder? cli tools? shell";
const ONE_SHOT = new RegExp(`(?:^|[-_])(?:${ENDING.replaceAll(" ", "|")})(?:[-_]|$)`, "i");

/** Whether a service is there to run to its end: others wait for that, or its name says so. */
export function createEndTeller({ services }: Project): (service: ProjectService) => boolean {
  const awaited = new Set(
    services
      .flatMap((service) => dependenciesOf(service))
      .filter(({ condition }) => condition === "service_completed_successfully")
      .map(({ name }) => name),
  );
  return ({ name }) => awaited.has(name) || ONE_SHOT.test(name);
}

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

/** A change of what the service says here; comments stay. */
export function changeOf(compose: ComposeFile, service: ProjectService, make: (map: YamlMap) => Change): Change {
  const map = mapHere(compose, service);
  return map ? keepingComments(compose, make(map)) : ELSEWHERE;
}

/** Without an item of one of the service's lists; the last one takes its key along. */
export const withoutItem = (
  compose: ComposeFile,
  service: ProjectService,
  key: string,
  item: { readonly node: YamlNode; readonly via?: Via },
): Change =>
  changeOf(compose, service, (map) => {
    const list = fieldOf(map, key)?.value;
    if (item.via) return { refusal: elsewhere(item.via) };
    if (list?.kind !== "list") return { refusal: "it is not written in this file" };
    return list.items.length === 1 ? removeKey(compose, map, key) : removeItem(compose, list, item.node);
  });

/** Several changes, each of what the ones before it left. */
export function changesOf(
  compose: ComposeFile,
  service: ProjectService,
  ...steps: readonly ((compose: ComposeFile, map: YamlMap) => Change)[]
): Change {
  const [only] = steps;
  if (only && steps.length === 1) return changeOf(compose, service, (map) => only(compose, map));
  const draft = draftOf(compose);
  for (const step of steps) {
    const refusal = draft.take((current) => changeOf(current, service, (map) => step(current, map)));
    if (refusal !== undefined) return { refusal };
  }
  return { edits: draft.edits() };
}

/** The change as a fix, or the reason why there is none. `stops` are keys whose values a person may want to change. */
export function remedyOf(
  title: string,
  change: Change,
  safety: Safety = "unsafe",
  stops: readonly string[] = [],
): Remedy {
  if ("refusal" in change) return { refusal: change.refusal };
  const { edits } = change;
  return { fixes: [{ title, safety, edits, ...(stops.length > 0 && { snippet: withTabStops(edits, stops) }) }] };
}
