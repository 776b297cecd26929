/** The places of a Dockerfile that name an image: FROM, `COPY --from`, `RUN --mount=from=`, `# syntax=`. */
import { type ImageRef, parseImageRef } from "../image-ref.ts";
import { perDocument } from "./memo.ts";
import type { Word } from "./model.ts";
import { fromReferences } from "./references.ts";
import { hasVariable } from "./variables.ts";

export interface ImageUse {
  readonly where: "from" | "copy" | "mount" | "syntax";
  /** As written. */
  readonly word: Word;
  /** With ARG defaults put in. */
  readonly reference: string;
  /** Of `reference`. Undefined where it is no valid reference. */
  readonly ref?: ImageRef;
  /** A variable has a part in it: offsets of `ref` are not those of `word`. */
  readonly computed: boolean;
}

/** Images the build pulls; stages, scratch and what a variable hides are left out. */
export const imageUses = perDocument((dockerfile): readonly ImageUse[] => {
  const uses: ImageUse[] = [];
  const syntax = dockerfile.directives.find(({ name }) => name === "syntax");
  if (syntax) uses.push(use("syntax", syntax.value, syntax.value.text));
  for (const { base, image } of dockerfile.stages)
    if (base.kind === "image" && image) uses.push(use("from", image, base.reference));
  for (const { instruction, word, source } of fromReferences(dockerfile))
    if (source.kind === "other" && mayBeImage(source.reference))
      uses.push(use(instruction.name === "RUN" ? "mount" : "copy", word, source.reference));
  return uses;
});

/** A plain word may be a build context given on the command line. */
const mayBeImage = (reference: string): boolean => /[/:@]/.test(reference);

function use(where: ImageUse["where"], word: Word, reference: string): ImageUse {
  const parsed = parseImageRef(reference);
  return { where, word, reference, ...(parsed.ok && { ref: parsed.ref }), computed: hasVariable(word.text) };
}
