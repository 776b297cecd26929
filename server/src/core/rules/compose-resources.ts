/** What the rules about networks, volumes, secrets, configs and models share: uses without a declaration, declarations without a use. */
import { fieldOf, textOf } from "../model/compose/fields.ts";
import type { Change, Service } from "../model/compose/model.ts";
import { addKey, removeKey, setValue } from "../model/compose/patch.ts";
import { profilesOf } from "../model/compose/profiles.ts";
import { hidesUses, type ResourceKind, type Use, usesOf } from "../model/compose/uses.ts";
import type { ComposeContext, Fix, Remedy } from "../rule.ts";
import { unsafeFix } from "../rule.ts";
import { didYouMean, nearest } from "../text/nearest.ts";
import { placeOf, remedyOf, servicesHere } from "./compose-services.ts";

interface Words {
  /** `network` */
  readonly one: string;
  /** What declares it when nothing is known of it; undefined where that needs more than a name. */
  readonly value?: null;
}

const WORDS: Readonly<Record<ResourceKind, Words>> = {
  networks: { one: "network", value: null },
  volumes: { one: "volume", value: null },
  secrets: { one: "secret" },
  configs: { one: "config" },
  models: { one: "model" },
};

/** Compose makes this network without being told. */
const DEFAULT_NETWORK = "default";

/** A profile that nobody switches on hides the fault from compose. */
export const severityFor = (service: Service): { readonly severity?: "warning" } =>
  profilesOf(service).length > 0 ? { severity: "warning" } : {};

/** `more` are fixes that are better than to declare it. */
export function reportUndefined(
  context: ComposeContext,
  kind: ResourceKind,
  more: (use: Use) => readonly Fix[] = () => [],
): void {
  const { project, report } = context;
  if (!project.complete) return;
  const declared = project.resources(kind);
  const { one } = WORDS[kind];
  for (const service of servicesHere(project))
    for (const use of usesOf(service)[kind]) {
      const { name, span } = use;
      if (declared.has(name) || (kind === "networks" && name === DEFAULT_NETWORK)) continue;
      if (!project.standsAlone()) return;
      report(placeOf(service, use, span), {
        message: `${service.name} uses the ${one} ${name}, which is not declared${didYouMean(name, declared.keys())}`,
        ...severityFor(service),
        remedy: () => undefinedRemedy(context, kind, use, more(use)),
      });
    }
}

function undefinedRemedy(
  { compose, project }: ComposeContext,
  kind: ResourceKind,
  use: Use,
  more: readonly Fix[],
): Remedy {
  const { one, value } = WORDS[kind];
  const near = nearest(use.name, project.resources(kind).keys());
  const renamed: readonly Fix[] = near === undefined ? [] : renameFix(use, compose.text, near);
  const declare = value === undefined ? undefined : declaration(compose, kind, use.name);
  const declared = declare && remedyOf(`Declare the ${one} ${use.name}`, declare);
  const fixes = [...renamed, ...more, ...(declared?.fixes ?? [])];
  if (fixes.length > 0) return { fixes };
  return { refusal: declared?.refusal ?? `only you know where the ${one} comes from` };
}

/** Only where the text at the span is the name itself. */
function renameFix({ name, span, via }: Use, text: string, near: string): readonly Fix[] {
  if (via || text.slice(span.start, span.end) !== name) return [];
  return [unsafeFix(`Use ${near}`, { span, text: near })];
}

function declaration(compose: ComposeContext["compose"], kind: ResourceKind, name: string): Change {
  const { root } = compose;
  if (!root) return { refusal: "the file is no mapping" };
  const section = fieldOf(root, kind)?.value;
  if (!section) return withoutNull(addKey(compose, root, kind, { [name]: null }));
  if (section.kind !== "map") return withoutNull(setValue(compose, section, { [name]: null }));
  const change = addKey(compose, section, name, null);
  return section.flow ? change : withoutNull(change);
}

/** As people write it: nothing behind the name. */
const withoutNull = (change: Change): Change =>
  "refusal" in change
    ? change
    : { edits: change.edits.map((edit) => ({ ...edit, text: edit.text.replace(/: null(?=\r?\n?$)/, ":") })) };

export function reportUnused({ compose, project, report }: ComposeContext, kind: ResourceKind): void {
  const { services, complete } = project;
  // A file without services is there for others to include.
  if (!complete || services.length === 0 || !services.every((service) => service.complete)) return;
  const used = new Set(services.flatMap((service) => usesOf(service)[kind].map(({ name }) => name)));
  const { one } = WORDS[kind];
  for (const { name, entry, isHere } of project.resources(kind).values()) {
    if (!isHere || used.has(name) || (kind === "networks" && name === DEFAULT_NETWORK)) continue;
    if (services.some((service) => hidesUses(service, kind)) || !project.standsAlone()) return;
    report(entry.keySpan, {
      message: `No service uses the ${one} ${name}`,
      remedy: () => remedyOf(`Delete the ${one} ${name}`, withoutResource(compose, kind, name)),
    });
  }
}

function withoutResource(compose: ComposeContext["compose"], kind: ResourceKind, name: string): Change {
  const section = fieldOf(compose.root, kind)?.value;
  if (!compose.root || section?.kind !== "map") return { refusal: "it is written in a form that is left alone" };
  return section.written.length === 1 ? removeKey(compose, compose.root, kind) : removeKey(compose, section, name);
}

/** A path in the short form of a volume may be meant: `data` for `./data`. */
export const textAt = ({ compose }: ComposeContext, { span }: Use): string => compose.text.slice(span.start, span.end);

/** `external: true`, also in its old form with a name below. */
export function isExternal(node: Parameters<typeof fieldOf>[0]): boolean {
  const external = fieldOf(node, "external")?.value;
  return external?.kind === "map" || textOf(external)?.toLowerCase() === "true";
}
