/** What a rule says about one of its examples, for its page: `line:column severity: message`. */
import { type Answer, type Example, noPolicy, type Rule } from "../rule.ts";
import { linesOf } from "../text/lines.ts";
import { inspect } from "./inspect.ts";
import { defaultSettings, type Settings } from "./settings.ts";

/** `rules` are all there are: a rule that reviews what others found needs them. */
export const exampleOutput =
  (rules: readonly Rule[]) =>
  (rule: Rule, example: Example): readonly string[] => {
    const text = "bad" in example ? example.bad : example.good;
    const settings: Settings = {
      ...defaultSettings,
      profile: "all",
      policy: { ...noPolicy, ...example.policy },
      options: example.options ? { [rule.id]: example.options } : {},
    };
    const answers = new Map<string, Answer>(Object.entries(example.answers ?? {}));
    const lines = linesOf(text);
    return inspect(text, rule.review ? rules : [rule], settings, answers, { language: rule.language })
      .findings.filter((finding) => finding.rule === rule.id)
      .map(({ span, severity, message }) => {
        const { line, column } = lines.position(span.start);
        return `${line + 1}:${column + 1} ${severity}: ${message}`;
      });
  };
