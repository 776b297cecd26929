/** The places of a Dockerfile that name an image: FROM, `COPY --from`, `RUN --mount=from=`, `# syntax=`. */
import { type ImageRef, parseImageRef } from "../image-ref.ts";
import { perDocument } from "./memo.ts";
import type { Word } from "./model.ts";
import { fromReferences } from "./references.ts";

export interface ImageUse {
  readonly where: "from" | "copy" | "mount" | "syntax";
  /** As written, without the quotes around it. */
  readonly word: Word;
  /** With ARG defaults put in. */
  readonly reference: string;
  /** Of `reference`. Undefined where it is no valid reference. */
  readonly ref?: ImageRef;
  /** A variable has a part in it, or an escape: offsets of `ref` are not those of `word`. */
  readonly computed: boolean;
}

/** Images the build pulls; stages, scratch and what a variable hides are left out. */
export const imageUses = perDocument((dockerfile): readonly ImageUse[] => {
  const uses: ImageUse[] = [];
  const syntax = dockerfile.directives.find(({ name }) => name === "syntax");
  if (syntax) uses.push(use(dockerfile.text, "syntax", syntax.value, syntax.value.text));
  for (const { base, image } of dockerfile.stages)
    if (base.kind === "image" && image) uses.push(use(dockerfile.text, "from", image, base.reference));
  for (const { instruction, word, source } of fromReferences(dockerfile))
    if (source.kind === "other" && mayBeImage(source.reference))
      uses.push(use(dockerfile.text, instruction.name === "RUN" ? "mount" : "copy", word, source.reference));
  return uses;
});

/** A plain word may be a build context given on the command line. */
const mayBeImage = (reference: string): boolean => /[/:@]/.test(reference);

function use(source: string, where: ImageUse["where"], word: Word, reference: string): ImageUse {
  const parsed = parseImageRef(reference);
  const own = withoutQuotes(source, word, reference);
  return { where, word: own, reference, ...(parsed.ok && { ref: parsed.ref }), computed: own.text !== reference };
}

function withoutQuotes(source: string, word: Word, reference: string): Word {
  const at = source.slice(word.span.start, word.span.end).indexOf(reference);
  const start = word.span.start + Math.max(0, at);
  return at <= 0 ? word : { text: reference, span: { start, end: start + reference.length } };
}
