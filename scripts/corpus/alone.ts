/** What is known of a compose file that is alone in its folder. */
import type { AnswerSource } from "../../server/src/core/rule.ts";

/** Nothing is beside it that it does not name; what it names, and the Dockerfile of a build, nobody knows. */
export const alone = (text: string): AnswerSource => ({
  get: (_key, question) =>
    question.ask === "path-kind" &&
    !question.path.endsWith("Dockerfile") &&
    !text.includes(question.path.replace(/^(?:\.\.?\/)+/, ""))
      ? "missing"
      : { unknown: "there is only the one file" },
});
