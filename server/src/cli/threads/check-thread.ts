/** A thread that checks its share of the files. */
import type { MessagePort } from "node:worker_threads";
import type { Answer, Question } from "../../core/rule.ts";
import { ABOUT_IMAGES, createAnswers } from "../../effects/answers.ts";
import { fileFinders } from "../../effects/finders.ts";
import { parse } from "../args.ts";
import { perShellcheck } from "../ask.ts";
import { createFileChecker } from "../check/check-file.ts";
import { check } from "../commands/check.ts";
import { UsageError } from "../io.ts";
import type { Parts } from "../parts.ts";
import type { FromThread, ThreadStart, ToThread } from "./messages.ts";
import { checkShare, type Share } from "./share.ts";

/** The signal is never used: the main thread ends this one. */
const NEVER = new AbortController().signal;

export function serveChecks(port: MessagePort, { argv, cwd }: ThreadStart, { rules }: Pick<Parts, "rules">): void {
  const send = (message: FromThread): void => port.postMessage(message);
  const waiting = new Map<number, (answer: Answer) => void>();
  let asked = 0;

  const answers: Parts["answers"] = async ({ shellcheck = "" } = {}) => {
    const askMain = (question: Question): Promise<Answer> => {
      const { promise, resolve } = Promise.withResolvers<Answer>();
      waiting.set(++asked, resolve);
      send({ kind: "ask", id: asked, question, shellcheck });
      return promise;
    };
    const ofMain = [...ABOUT_IMAGES, "shellcheck"].map((kind) => [kind, askMain]);
    return createAnswers({ ...fileFinders, ...Object.fromEntries(ofMain) });
  };
  const io = { cwd, env: process.env, stdin: process.stdin, signal: NEVER };
  const checkAll = async (share: Share): Promise<void> => {
    const checkFile = createFileChecker(parse(argv, check.options), io, rules, perShellcheck(answers));
    await checkShare(share, checkFile, (from, results) => send({ kind: "checked", from, results }));
  };

  port.on("message", (message: ToThread) => {
    if (message.kind === "answer") {
      waiting.get(message.id)?.(message.answer);
      waiting.delete(message.id);
      return;
    }
    checkAll(message.share).catch((error: unknown) =>
      send({
        kind: "failed",
        usage: error instanceof UsageError,
        message: error instanceof Error ? error.message : String(error),
      }),
    );
  });
}
