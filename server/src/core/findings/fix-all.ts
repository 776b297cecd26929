import type { Document } from "../model/document.ts";
import type { AnswerSource, FileChange, Finding, Fix, Rule, Safety } from "../rule.ts";
import { minimalEdits } from "../text/diff.ts";
import { applyEdits, type Edit, type Span, touches } from "../text/edit.ts";
import { DOCKERFILE, inspect, type Kind } from "./inspect.ts";
import type { Settings } from "./settings.ts";
import { soundTogether } from "./sound.ts";
import { withWritten } from "./written.ts";

export interface AppliedFix {
  readonly rule: string;
  readonly title: string;
}

export interface FixedText {
  readonly text: string;
  /** From the text given to `text`, as small as can be. */
  readonly edits: readonly Edit[];
  readonly applied: readonly AppliedFix[];
  /** False when fixes still wanted to change the text after the last pass: two rules disagree, which is a bug. */
  readonly settled: boolean;
  /** What is to be written beside it, each file once; none unless that was allowed. */
  readonly files?: readonly FileChange[];
}

export interface FixOptions {
  readonly rules: readonly Rule[];
  readonly settings: Settings;
  readonly answers: AnswerSource;
  readonly allow: readonly Safety[];
  /** As what the text is read; a Dockerfile when absent. */
  readonly kind?: Kind;
  /** Only these rules' fixes; all rules when absent. */
  readonly only?: ReadonlySet<string>;
  /** True: fixes that write other files are taken too, and whoever asks writes them. */
  readonly files?: boolean;
}

/** In a compose file many fixes add a key at the end of one service: one a pass. */
const MAX_PASSES: Readonly<Record<Kind["language"], number>> = { dockerfile: 10, compose: 30, dockerignore: 10 };
/** Beside a Dockerfile many fixes add a line to one ignore file: one a pass. */
const MAX_PASSES_WITH_FILES = 30;

/**
 * Lint, apply the first allowed fix of every finding unless it touches one chosen before it or breaks what has to hold of
 * the result, and again until nothing changes. Fixes of neighbours computed on one text would combine wrongly; the next pass sees what the last one wrote.
 */
export function fixAll(original: string, options: FixOptions): FixedText {
  const { rules, settings, answers, kind = DOCKERFILE } = options;
  const applied: AppliedFix[] = [];
  const written = new Map<string, FileChange>();
  let text = original;
  const result = (settled: boolean): FixedText => ({
    text,
    edits: minimalEdits(original, text),
    applied,
    settled,
    ...(written.size > 0 && { files: [...written.values()] }),
  });
  const most = options.files === true ? MAX_PASSES_WITH_FILES : MAX_PASSES[kind.language];
  for (let pass = 0; pass < most; pass++) {
    const now = withWritten(answers, [...written.values()]);
    const { document, findings } = inspect(text, rules, settings, now, kind);
    const chosen = chooseSound(document, findings, options);
    if (chosen.length === 0) return result(true);
    applied.push(...chosen.map(({ rule, fix }) => ({ rule, title: fix.title })));
    text = applyEdits(
      text,
      chosen.flatMap(({ fix }) => fix.edits),
    );
    for (const file of chosen.flatMap(({ fix }) => fix.files ?? [])) {
      const first = written.get(file.path);
      written.set(file.path, first ? { ...file, before: first.before } : file);
    }
  }
  return result(false);
}

/** What must not be applied stands in nobody's way: others that touch the same text are chosen in its place. */
function chooseSound(document: Document, findings: readonly Finding[], options: FixOptions): readonly Chosen[] {
  const stopped = new Set<Fix>();
  for (;;) {
    const chosen = choose(document.text, findings, options, stopped);
    const sound = soundTogether(document, chosen);
    if (sound.length === chosen.length) return chosen;
    for (const each of chosen) if (!sound.includes(each)) stopped.add(each.fix);
  }
}

interface Chosen {
  readonly rule: string;
  readonly fix: Fix;
}

function choose(
  text: string,
  findings: readonly Finding[],
  { allow, only, files = false }: FixOptions,
  stopped: ReadonlySet<Fix>,
): readonly Chosen[] {
  const chosen: Chosen[] = [];
  const taken: Edit[] = [];
  const writing = new Set<string>();
  for (const { rule, fixes } of findings) {
    if (only && !only.has(rule)) continue;
    const fix = fixes.find((each) => allow.includes(each.safety) && (files || !each.files));
    if (!fix || stopped.has(fix) || fix.edits.some((edit) => taken.some((other) => meet(text, edit.span, other.span))))
      continue;
    // Two that write one file were worked out on the same text: one a pass.
    if (fix.files?.some(({ path }) => writing.has(path))) continue;
    for (const { path } of fix.files ?? []) writing.add(path);
    chosen.push({ rule, fix });
    taken.push(...fix.edits);
  }
  return chosen;
}

/** What is put in at the end of a line and at the beginning of the next is put in at one place: which goes first nobody knows. */
function meet(text: string, a: Span, b: Span): boolean {
  if (touches(a, b)) return true;
  if (a.start !== a.end || b.start !== b.end) return false;
  return /^\s*$/.test(text.slice(Math.min(a.start, b.start), Math.max(a.start, b.start)));
}
