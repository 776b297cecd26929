/** Answers as they are once files are written that are not on disk yet. */
import type { AnswerSource, FileChange } from "../rule.ts";

export function withWritten(answers: AnswerSource, files: readonly FileChange[]): AnswerSource {
  if (files.length === 0) return answers;
  const textsIn = (place: FileChange["in"]): ReadonlyMap<string, string> =>
    new Map(files.filter((file) => file.in === place).map(({ path, text }) => [path, text]));
  const context = textsIn("context");
  const folder = textsIn("folder");
  return {
    get(key, question) {
      if (question.ask === "list") {
        const list = answers.get(key, question);
        return typeof list === "string"
          ? [...new Set([...list.split("\n"), ...context.keys()])].sort().join("\n")
          : list;
      }
      const written =
        question.ask === "read"
          ? context.get(question.path)
          : question.ask === "text"
            ? folder.get(question.path)
            : undefined;
      if (written !== undefined) return written;
      if (question.ask === "exists" && context.has(question.path)) return "yes";
      if (question.ask === "path-kind" && folder.has(question.path)) return "file";
      return answers.get(key, question);
    },
  };
}
