/** What the command line is put together from; tests put in their own. Heavy parts load when they are needed. */
import { join } from "node:path";
import type { Rule } from "../core/rule.ts";
import { rules } from "../core/rules/index.ts";
import type { AnswerCache } from "../effects/answers.ts";
import type { Io } from "./io.ts";

export interface AnswerWishes {
  /** What runs ShellCheck: `wasm`, `off` or a program. */
  readonly shellcheck?: string | undefined;
}

export interface Parts {
  readonly rules: readonly Rule[];
  /** A new one each time: a command makes one, with `once`, when the first question comes up. */
  answers(wishes?: AnswerWishes): Promise<AnswerCache>;
  /** Speaks the Language Server Protocol on standard input and output until the client ends it. */
  serve(): Promise<void>;
}

export const defaultParts = ({ env }: Pick<Io, "env">): Parts => ({
  rules,
  async answers({ shellcheck } = {}) {
    const [
      { createAnswers },
      { fileFinders, registryFinders },
      { createRegistry },
      { shellcheckFinders },
      { cacheFolder },
    ] = await Promise.all([
      import("../effects/answers.ts"),
      import("../effects/finders.ts"),
      import("../effects/registry/registry.ts"),
      import("../effects/shellcheck/shellcheck.ts"),
      import("../effects/shellcheck/disk.ts"),
    ]);
    // Whoever runs this in a folder trusts it with the logins it would use for docker itself.
    const registry = createRegistry({ trusted: true, env });
    return createAnswers({
      ...fileFinders,
      ...registryFinders(registry),
      ...shellcheckFinders({ ...(shellcheck && { use: shellcheck }), cache: join(cacheFolder(env), "shellcheck") }),
    });
  },
  async serve() {
    const { startStdio } = await import("../lsp/main.ts");
    startStdio();
  },
});
