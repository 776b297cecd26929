/** The table of output formats. */
import { checkstyle } from "./checkstyle.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import type { Reporter } from "./report.ts";
import { sarif } from "./sarif.ts";
import { text } from "./text.ts";

/** `--format` → reporter. */
export const reporters = { text, json, sarif, github, checkstyle, gitlab, junit } satisfies Readonly<
  Record<string, Reporter>
>;

type Format = keyof typeof reporters;

export const isFormat = (name: string): name is Format => Object.hasOwn(reporters, name);
