/** Asks a server for paths, and for the links of the pages it answers with. */
import type { Answer } from "../../core/verify/facts.ts";
import { linksIn } from "../../core/verify/links.ts";
import { masked } from "../../core/verify/mask.ts";
import { type Got, get, type Target } from "./http.ts";
import { MAX_LINKS } from "./limits.ts";

interface Questions {
  readonly paths: readonly string[];
  /** Links of the pages are asked as well. */
  readonly follow: boolean;
  /** For all of them; what is left then is not asked. */
  readonly timeMs: number;
}

/** Each path twice, the second time when all were asked once. Rejects with the signal's reason only. */
export async function askPaths(
  target: Target,
  { paths, follow, timeMs }: Questions,
  signal: AbortSignal | undefined,
): Promise<readonly Answer[]> {
  const end = performance.now() + timeMs;
  const inTime = async (path: string): Promise<Got | string> =>
    performance.now() < end ? get(target, path, signal) : "there was no time left to ask";
  const waiting = [...new Set(paths)];
  const most = waiting.length + (follow ? MAX_LINKS : 0);
  const got = new Map<string, Got | string>();
  for (let at = 0; at < waiting.length; at++) {
    const path = waiting[at] ?? "/";
    const answer = await inTime(path);
    got.set(path, answer);
    if (!follow || typeof answer === "string" || answer.type !== "text/html") continue;
    for (const link of linksIn(answer.body, path))
      if (waiting.length < most && !waiting.includes(link)) waiting.push(link);
  }
  const answers: Answer[] = [];
  for (const [path, first] of got) {
    if (typeof first === "string") {
      answers.push({ path, failure: first });
      continue;
    }
    const second = await inTime(path);
    const steady = typeof second === "object" && masked(second.body) === masked(first.body);
    answers.push({ path, ...first, steady });
  }
  return answers;
}
