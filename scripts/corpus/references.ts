/**
 * `npm run corpus -- references`: every image that real files name, read and printed again. A reference that cannot be read must be a
 * finding; what was read must print as it was written, and mean the same when it is written out in full.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "../../server/src/core/findings/inspect.ts";
import { imageUses } from "../../server/src/core/model/dockerfile/images.ts";
import { hasVariable } from "../../server/src/core/model/dockerfile/variables.ts";
import { fieldOf, textOf } from "../../server/src/core/model/compose/fields.ts";
import { hasVariables } from "../../server/src/core/model/compose/interpolation.ts";
import { projectOf } from "../../server/src/core/model/compose/project.ts";
import { parseDocument } from "../../server/src/core/model/document.ts";
import { type ImageRef, parseImageRef } from "../../server/src/core/model/image-ref.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { everything } from "../check-fixes.ts";
import { corpusFiles } from "./files.ts";

interface Named {
  readonly file: string;
  readonly text: string;
  /** Whether some rule has said that this is no reference. */
  readonly isReported: () => boolean;
}

export async function referenceCheck(folder: string): Promise<number> {
  const named = [...inDockerfiles(folder), ...inComposeFiles(join(folder, "compose"))];
  const faults: string[] = [];
  let read = 0;
  for (const { file, text, isReported } of named) {
    const parsed = parseImageRef(text);
    if (parsed.ok) read++;
    const fault = parsed.ok ? differs(parsed.ref) : isReported() ? undefined : `is not reported: ${parsed.error}`;
    if (fault !== undefined) faults.push(`${file}: ${text} ${fault}`);
  }
  for (const fault of faults) console.log(fault);
  const different = new Set(named.map(({ text }) => text)).size;
  console.log(
    `${named.length} references, ${different} different: ${read} read, ${named.length - read} that are none, ${faults.length} faults`,
  );
  return faults.length > 0 ? 1 : 0;
}

/** Undefined when all is well. */
export function differs(ref: ImageRef): string | undefined {
  const { text, domain, path, tag, digest, nameSpan } = ref;
  const rest = `${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
  const printed = `${text.slice(nameSpan.start, nameSpan.end)}${rest}`;
  if (printed !== text) return `prints as ${printed}`;
  const again = parseImageRef(`${domain}/${path}${rest}`);
  const same =
    again.ok &&
    again.ref.domain === domain &&
    again.ref.path === path &&
    again.ref.tag === tag &&
    again.ref.digest === digest;
  return same ? undefined : `is not the same as ${domain}/${path}${rest}`;
}

function inDockerfiles(folder: string): readonly Named[] {
  return corpusFiles(folder).flatMap(({ name, text }) => {
    const document = parseDocument(text, "dockerfile");
    if (document.language !== "dockerfile") return [];
    return imageUses(document).flatMap(({ reference, word }) => {
      const isReported = (): boolean =>
        inspect(text, rules, everything, new Map()).findings.some(
          ({ span }) => span.start < word.span.end && word.span.start < span.end,
        );
      return hasVariable(reference) ? [] : [{ file: name, text: reference, isReported }];
    });
  });
}

function inComposeFiles(folder: string): readonly Named[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      const document = parseDocument(text, "compose", "compose.yaml");
      if (document.language !== "compose") return [];
      return projectOf(document, () => undefined).services.flatMap((service) => {
        const value = fieldOf(service.map, "image")?.value;
        const image = textOf(value);
        if (!value || image === undefined || hasVariables(image)) return [];
        const isReported = (): boolean =>
          inspect(text, rules, everything, new Map(), { language: "compose", name: "compose.yaml" }).findings.some(
            ({ span }) => span.start < value.span.end && value.span.start < span.end,
          );
        return [{ file: name, text: image, isReported }];
      });
    });
}
