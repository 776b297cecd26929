/** Images that their registry says it does not have, as the rules for Dockerfiles and compose files report them. */
import type { Change } from "../model/compose/model.ts";
import { type ImageRef, tagEdit } from "../model/image-ref.ts";
import { known, type Report, type RuleContext, unsafeFix } from "../rule.ts";
import type { Edit } from "../text/edit.ts";

/** Undefined where the registry has it, does not want to say, or nobody asked. */
export function absenceOf(
  lookup: RuleContext["lookup"],
  reference: string,
  ref: ImageRef,
  change: (edit: (at: number) => Edit) => Change,
): Report | undefined {
  const [found, ...near] = known(lookup({ ask: "existence", image: reference }))?.split(" ") ?? [];
  if (found !== "no") return undefined;
  const { domain, digest, tag } = ref;
  if (digest !== undefined) return { message: `${domain} has no image with the digest of ${reference}` };
  const name = ref.text.slice(0, ref.nameSpan.end);
  if (near.length === 0) return { message: `${domain} has no ${reference}` };
  const [first = ""] = near;
  const edit = change((at) => tagEdit(ref, first, at));
  const title = tag === undefined ? `Write the tag ${first}` : `Replace ${tag} with ${first}`;
  return {
    message: `${domain} has no ${reference}${tag === undefined ? ":latest" : ""}; of ${name} it has ${inWords(near)}`,
    ...("refusal" in edit ? edit : { fixes: [unsafeFix(title, ...edit.edits)] }),
  };
}

const inWords = (tags: readonly string[]): string =>
  tags.length === 1 ? `${tags[0]}` : `${tags.slice(0, -1).join(", ")} and ${tags.at(-1)}`;
