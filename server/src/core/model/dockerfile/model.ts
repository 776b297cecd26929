/**
 * What a Dockerfile is to the rules. Built once per text by `parseDockerfile`; spans are offsets into that text.
 *
 * Two texts meet here. The *source* is what the person wrote. The *logical* text of an instruction is what BuildKit
 * sees: continuation lines joined, comments and blank lines inside them dropped. `Logical` maps one to the other.
 *
 * What every rule reads has the same properties in the same order always, `undefined` where there is nothing: V8 reads objects of one
 * shape fast from the first file on, and a run is over before it has got used to many.
 */
import type { Span } from "../../text/edit.ts";

/** A piece of an instruction: its logical text and where that stands in the source (continuations included). */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/** `--name=value`, `--name value` is not a form Docker knows. */
export interface Flag {
  /** With its dashes as written, without the value: `--from`. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
  /** Absent for a bare flag such as `--link`. Quotes removed. */
  readonly value: Word | undefined;
  /** The comma-separated parts of `--mount=type=cache,target=/x`; one part without `=` otherwise. */
  readonly fields: readonly FlagField[];
}

export interface FlagField {
  readonly key: string;
  readonly keySpan: Span;
  readonly value?: string;
  readonly valueSpan?: Span;
  readonly span: Span;
}

/** One name or `name=value` of ENV, LABEL or ARG. */
export interface Pair {
  readonly key: Word;
  /** As written, quotes kept. Absent for an ARG without default, or where `=` is missing. */
  readonly value: Word | undefined;
  readonly span: Span;
  /** Written as `key value` with a blank instead of `=`. */
  readonly legacy: boolean;
}

/** The JSON form, as in `CMD ["a", "b"]`. Words hold the decoded strings, spans include the quotes. */
export interface JsonForm {
  readonly span: Span;
  readonly elements: readonly Word[];
}

export interface Heredoc {
  /** The terminator, without quotes. */
  readonly name: string;
  /** `<<-`: leading tabs of body and terminator are stripped. */
  readonly chomp: boolean;
  /** Unquoted name: variables in a COPY/ADD body are expanded. */
  readonly expand: boolean;
  /** File descriptor before `<<`, 0 when none is written. */
  readonly descriptor: number;
  /** `<<-"NAME"` on the instruction's line. */
  readonly marker: Span;
  /** The lines between, with their line endings. */
  readonly body: Span;
  /** The terminator's line, without line ending. Absent when the file ends first. */
  readonly terminator?: Span;
}

export interface Comment {
  /** From `#` to the end of the line. */
  readonly span: Span;
  /** Without `#` and surrounding blanks. */
  readonly text: string;
}

export interface Directive {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: Word;
  readonly span: Span;
}

/** The logical text of an instruction, and the way back. */
export interface Logical {
  readonly text: string;
  /** Source offset of a logical offset. The end of the text maps behind its last character. */
  sourceAt(offset: number): number;
  /** Source span of a logical range: from its first character to behind its last one. */
  span(start: number, end: number): Span;
  /** Of a part of another text: that text, which is no part itself, and where the part begins in it. */
  readonly whole?: Logical;
  readonly begins?: number;
}

export interface Instruction {
  /** Position among the file's instructions. A trigger has that of its ONBUILD. */
  readonly index: number;
  /** Upper case: `RUN`. */
  readonly name: string;
  /** As written. */
  readonly keyword: Word;
  /** From keyword to the end of the last line that belongs to it, heredocs included, without line ending. */
  readonly span: Span;
  /** From keyword to the end of the (continued) line, without heredocs. */
  readonly head: Span;
  /** What stands behind the keyword: flags and arguments. */
  readonly logical: Logical;
  readonly flags: readonly Flag[];
  /** Everything behind the flags, trimmed. Empty text when there is nothing. */
  readonly args: Word;
  /** The same as `args`, with the way back to the source. */
  readonly body: Logical;
  /**
   * The arguments as BuildKit splits them for this instruction: JSON elements decoded, blank-separated words raw, quoted
   * words of ENV/LABEL/ARG whole. RUN, CMD and the like in shell form: blank-separated (use `shellOf` for commands).
   */
  readonly words: readonly Word[];
  readonly json: JsonForm | undefined;
  /** ENV, LABEL, ARG. */
  readonly pairs: readonly Pair[];
  readonly heredocs: readonly Heredoc[];
  /** Comments and blank lines between its continuation lines. */
  readonly comments: readonly Comment[];
  readonly emptyLines: readonly Span[];
  /** The file ends before it does: in a continuation or a heredoc. Nothing can be added below. */
  readonly open: boolean;
  /** Index of the stage it stands in; -1 before the first FROM. */
  readonly stage: number;
  /** ONBUILD: the instruction it registers. */
  readonly trigger: Instruction | undefined;
  /** True for that instruction. */
  readonly triggered: boolean;
}

/** What a stage is built on. */
export type Base =
  | { readonly kind: "scratch" }
  | { readonly kind: "stage"; readonly stage: number }
  /** `reference` is the image with ARG defaults put in. */
  | { readonly kind: "image"; readonly reference: string }
  /** A variable hides it. */
  | { readonly kind: "unknown" };

export interface Stage {
  readonly index: number;
  readonly from: Instruction;
  /** The first word of FROM. Absent when FROM has no argument. */
  readonly image: Word | undefined;
  /** The AS word as written. */
  readonly as: Word | undefined;
  readonly name: Word | undefined;
  readonly base: Base;
  readonly platform: Flag | undefined;
  /** FROM included; triggers are inside their ONBUILD. */
  readonly instructions: readonly Instruction[];
  /** Up to the next FROM or the end of the file. */
  readonly span: Span;
}

/** Why BuildKit could not read the text; each at the place a person has to mend. */
export interface Problem {
  readonly kind:
    | "unterminated-heredoc"
    | "unterminated-quote"
    | "variable-syntax"
    | "json-not-strings"
    | "directive-repeated"
    | "escape-unknown"
    | "not-text";
  readonly span: Span;
  readonly message: string;
  /** The rule that reports it; drivers show what has none. */
  readonly rule?: "argument-syntax";
}

export interface Dockerfile {
  readonly language: "dockerfile";
  /** The file's name without folders; undefined for a text without a name. */
  readonly name: string | undefined;
  readonly text: string;
  readonly escape: "\\" | "`";
  readonly eol: "\n" | "\r\n";
  readonly directives: readonly Directive[];
  /** Comments outside instructions, directives not included. */
  readonly comments: readonly Comment[];
  readonly instructions: readonly Instruction[];
  /** The instructions with each ONBUILD followed by its trigger. */
  readonly all: readonly Instruction[];
  readonly stages: readonly Stage[];
  readonly problems: readonly Problem[];
  /** What `memo.ts` keeps of this document; nobody else writes here. */
  readonly memory: unknown[];
}
