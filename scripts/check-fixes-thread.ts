/** A thread that checks the fixes of many texts. */
import { checkFixes, type FixReport } from "./check-fixes.ts";
import { answerThread } from "./threads.ts";

answerThread<string, readonly (FixReport & { readonly text: string })[]>((texts) =>
  texts.map((text) => ({ ...checkFixes(text), text })),
);
