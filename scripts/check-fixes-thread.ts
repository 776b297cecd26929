/** A thread that checks the fixes of many texts. */
import { checkFixes, type FixReport } from "./check-fixes.ts";
import type { Language } from "../server/src/core/model/document.ts";
import { alone } from "./corpus/alone.ts";
import { answerThread } from "./threads.ts";

interface Text {
  readonly text: string;
  readonly language: Language;
}

answerThread<Text, readonly (FixReport & { readonly text: string })[]>((texts) =>
  texts.map(({ text, language }) => ({
    ...checkFixes(text, { language }, language === "compose" ? alone(text) : new Map()),
    text,
  })),
);
