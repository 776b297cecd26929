/** What a registry says beside its answers, for the log: how many requests are left (Docker Hub), and warnings (RFC 7234, 299). Each once. */
import { quote } from "./errors.ts";
import type { HttpResponse } from "./http.ts";

/** Below this share of what is allowed it is said again. */
const FEW = 0.1;
/** A registry that has another warning for each image is not listened to for ever. */
const MAX_WARNINGS = 5;

export function createNotices(
  log: (message: string) => void,
): (host: string, response: Pick<HttpResponse, "headers">) => void {
  const told = new Map<string, "left" | "few">();
  const warned = new Map<string, Set<string>>();

  return (host, { headers }) => {
    const left = rateOf(headers["ratelimit-remaining"]);
    const most = rateOf(headers["ratelimit-limit"]);
    if (left && most) {
      const stage = left.count <= most.count * FEW ? "few" : "left";
      if (told.get(host) !== stage && told.get(host) !== "few") {
        told.set(host, stage);
        const advice = stage === "few" ? "; docker login gives more" : "";
        log(
          `${host} allows ${most.count} pulls in ${windowText(most.seconds)}, of which ${left.count} are left${advice}`,
        );
      }
    }
    for (const text of warningsIn(headers["warning"])) {
      const known = warned.get(host) ?? new Set();
      if (known.has(text) || known.size >= MAX_WARNINGS) continue;
      warned.set(host, known.add(text));
      log(`${host} warns: ${text}`);
    }
  };
}

/** `100;w=21600`: so many in so many seconds. */
function rateOf(value: string | readonly string[] | undefined): { count: number; seconds: number } | undefined {
  const [, count, seconds] = /^(\d{1,9})(?:;w=(\d{1,9}))?$/.exec(typeof value === "string" ? value.trim() : "") ?? [];
  return count === undefined ? undefined : { count: Number(count), seconds: Number(seconds ?? 0) };
}

const windowText = (seconds: number): string =>
  seconds >= 3600 ? `${Math.round(seconds / 3600)} h` : seconds > 0 ? `${seconds} s` : "a while";

const warningsIn = (value: string | readonly string[] | undefined): readonly string[] =>
  [...String(value ?? "").matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => quote(text));
