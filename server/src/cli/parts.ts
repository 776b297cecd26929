/** What the command line is put together from; tests put in their own. Heavy parts load when they are needed. */
import { join } from "node:path";
import type { Rule } from "../core/rule.ts";
import { rules } from "../core/rules/index.ts";
import type { AnswerCache, Finders } from "../effects/answers.ts";
import { cacheFolder } from "../effects/cache-folder.ts";
import type { RegistryOptions } from "../effects/registry/registry.ts";
import type { Io } from "./io.ts";

export interface AnswerWishes extends RegistryWishes {
  /** What runs ShellCheck: `wasm`, `off` or a program. */
  readonly shellcheck?: string | undefined;
  /** Whether registries will be asked. */
  readonly registries?: boolean;
}

interface RegistryWishes {
  /** Registries are not asked; what they said before is good however old it is. */
  readonly offline?: boolean;
  /** Registries are asked whatever they said before. */
  readonly anew?: boolean;
  /** Domain of a registry, to what is asked before it. */
  readonly mirrors?: Readonly<Record<string, readonly string[]>>;
  readonly insecureRegistries?: readonly string[];
  /** Told what a person should know of registries beside the answers; without secrets. */
  readonly log?: ((message: string) => void) | undefined;
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
  async answers({ shellcheck, registries = true, ...wishes } = {}) {
    const [{ createAnswers }, { fileFinders, registryFinders, scannerFinders }, registry, downloads, shellchecks] =
      await Promise.all([
        import("../effects/answers.ts"),
        import("../effects/finders.ts"),
        registries ? import("../effects/registry/registry.ts") : undefined,
        registries && wishes.offline !== true ? import("../effects/downloads/finders.ts") : undefined,
        shellcheck === "off" ? undefined : shellcheckWith(shellcheck, env),
      ]);
    return createAnswers({
      ...fileFinders,
      ...(registry && registryFinders(registry.createRegistry(await registryOptions(env, wishes)))),
      ...(registry && wishes.offline !== true && scannerFinders),
      ...downloads?.downloadFinders(env),
      ...shellchecks,
    });
  },
  async serve() {
    const { startStdio } = await import("../lsp/main.ts");
    startStdio();
  },
});

/** Whoever runs this in a folder trusts it with the logins it would use for docker itself. */
export async function registryOptions(
  env: Io["env"],
  { offline = false, anew = false, mirrors = {}, insecureRegistries = [], log }: RegistryWishes,
): Promise<RegistryOptions> {
  const { registryCacheFolder } = await import("../effects/registry/cache.ts");
  const cache = { folder: registryCacheFolder(env), ...(anew && { hours: 0 }) };
  return { trusted: true, env, offline, cache, mirrors, insecureRegistries, ...(log && { log }) };
}

async function shellcheckWith(use: string | undefined, env: Io["env"]): Promise<Finders> {
  const { shellcheckFinders } = await import("../effects/shellcheck/shellcheck.ts");
  return shellcheckFinders({ ...(use && { use }), cache: join(cacheFolder(env), "shellcheck") });
}
