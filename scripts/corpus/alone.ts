/** What is known of a compose file that is alone in its folder. */
import type { AnswerSource } from "../../server/src/core/rule.ts";

/** No override beside it and no .env; what it names itself nobody knows. */
export const ALONE: AnswerSource = {
  get: (_key, question) =>
    question.ask === "path-kind" && /(?:^|\/)(?:\.env|(?:docker-)?compose\.override\.ya?ml)$/.test(question.path)
      ? "missing"
      : { unknown: "there is only the one file" },
};
