/** *Write out an alias*: what it stands for in its place, so that this place goes its own way from now on. */
import type { Change, ComposeFile } from "../../model/compose/model.ts";
import { addKey, copyOf, override, removeKey } from "../../model/compose/patch.ts";
import type { Span } from "../../text/edit.ts";
import type { YamlEntry, YamlMap } from "../../text/yaml.ts";
import { type Assist, draftOf, isAt, type Offering, type Refusal, type Rewrite, stepsTo } from "./assist.ts";

export const inlineAliasOffers: Offering = (compose, at) => {
  const step = stepsTo(compose, at).at(-1);
  if (!step) return [];
  const { map, entry } = step;
  const { value } = entry;
  if (entry.key === "<<") {
    const names = (value.kind === "list" && !value.via ? value.items : [value]).flatMap(({ via }) => via?.name ?? []);
    return names.length === 0
      ? []
      : [
          assist(`Write out what ${names.map((name) => `*${name}`).join(" and ")} merges in`, entry, () =>
            mergedHere(compose, map),
          ),
        ];
  }
  if (value.via?.kind !== "alias" || !isAt(value.span, at)) return [];
  return [
    assist(`Write out *${value.via.name ?? ""}`, entry, () => {
      const change = override(compose, map, entry.key, copyOf(value));
      return "refusal" in change ? change : { edits: change.edits };
    }),
  ];
};

const assist = (title: string, { value }: YamlEntry, rewrite: () => Rewrite | Refusal): Assist => ({
  id: "inline-alias",
  title,
  kind: "refactor.inline",
  safety: "safe",
  span: value.span,
  rewrite,
});

/** The keys that come from the anchors, as keys of its own; then the merge key goes. */
function mergedHere(compose: ComposeFile, map: YamlMap): Rewrite | Refusal {
  const draft = draftOf(compose);
  const place = map.span.start;
  const step = (change: (now: ComposeFile, here: YamlMap) => Change): string | undefined =>
    draft.take((now) => {
      const here = mapFrom(now, { start: place, end: place });
      return here ? change(now, here) : { refusal: "it is not written in this file" };
    });
  for (const { key, value, via } of map.entries) {
    if (via?.kind !== "merge") continue;
    const refusal = step((now, here) => addKey(now, here, key, copyOf(value)));
    if (refusal !== undefined) return { refusal };
  }
  const refusal = step((now, here) => removeKey(now, here, "<<"));
  return refusal === undefined ? { edits: draft.edits() } : { refusal };
}

/** The mapping that begins at a place, which keys behind that do not move. */
const mapFrom = (compose: ComposeFile, at: Span): YamlMap | undefined =>
  stepsTo(compose, at).findLast(({ map }) => map.span.start === at.start)?.map;
