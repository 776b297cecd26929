/** What the command line is put together from; tests put in their own. Heavy parts load when they are needed. */
import { join } from "node:path";
import type { Rule } from "../core/rule.ts";
import { rules } from "../core/rules/index.ts";
import type { AnswerCache, Finders } from "../effects/answers.ts";
import { cacheFolder } from "../effects/cache-folder.ts";
import type { Io } from "./io.ts";

export interface AnswerWishes {
  /** What runs ShellCheck: `wasm`, `off` or a program. */
  readonly shellcheck?: string | undefined;
  /** Whether registries will be asked. */
  readonly registries?: boolean;
}

export interface Parts {
  readonly rules: readonly Rule[];
  /** A new one each time: a command makes one when the first question comes up. */
  answers(wishes?: AnswerWishes): Promise<AnswerCache>;
  /** The program a thread runs to check files; without one all is done in this thread. */
  readonly thread?: string;
  /** Speaks the Language Server Protocol on standard input and output until the client ends it. */
  serve(): Promise<void>;
}

export const defaultParts = ({ env }: Pick<Io, "env">): Parts => ({
  rules,
  async answers({ shellcheck, registries = true } = {}) {
    const [{ createAnswers }, { fileFinders, registryFinders }, registry, shellchecks] = await Promise.all([
      import("../effects/answers.ts"),
      import("../effects/finders.ts"),
      registries ? import("../effects/registry/registry.ts") : undefined,
      shellcheck === "off" ? undefined : shellcheckWith(shellcheck, env),
    ]);
    return createAnswers({
      ...fileFinders,
      // Whoever runs this in a folder trusts it with the logins it would use for docker itself.
      ...(registry && registryFinders(registry.createRegistry({ trusted: true, env }))),
      ...shellchecks,
    });
  },
  async serve() {
    const { startStdio } = await import("../lsp/main.ts");
    startStdio();
  },
});

async function shellcheckWith(use: string | undefined, env: Io["env"]): Promise<Finders> {
  const { shellcheckFinders } = await import("../effects/shellcheck/shellcheck.ts");
  return shellcheckFinders({ ...(use && { use }), cache: join(cacheFolder(env), "shellcheck") });
}
