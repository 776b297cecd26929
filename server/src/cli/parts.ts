/** What the command line is put together from; tests put in their own. Heavy parts load when they are needed. */
import type { Rule } from "../core/rule.ts";
import { rules } from "../core/rules/index.ts";
import type { AnswerCache } from "../effects/answers.ts";
import type { Io } from "./io.ts";

export interface Parts {
  readonly rules: readonly Rule[];
  answers(): Promise<AnswerCache>;
  /** Speaks the Language Server Protocol on standard input and output until the client ends it. */
  serve(): Promise<void>;
}

export const defaultParts = ({ env }: Pick<Io, "env">): Parts => ({
  rules,
  async answers() {
    const [{ createAnswers }, { fileFinders, registryFinders }, { createRegistry }] = await Promise.all([
      import("../effects/answers.ts"),
      import("../effects/finders.ts"),
      import("../effects/registry/registry.ts"),
    ]);
    // Whoever runs this in a folder trusts it with the logins it would use for docker itself.
    const registry = createRegistry({ trusted: true, env });
    return createAnswers({ ...fileFinders, ...registryFinders(registry) });
  },
  async serve() {
    const { startStdio } = await import("../lsp/main.ts");
    startStdio();
  },
});
