/** `restart`, as compose takes it apart (docker/compose pkg/compose/create.go) and the engine judges it. */
import type { Span } from "../../text/edit.ts";
import { type Fault, misread, pieces, refused, spanOf } from "./fault.ts";
import { parseInteger } from "./scalars.ts";

type Policy = "no" | "always" | "unless-stopped" | "on-failure";

export interface Restart {
  readonly policy: Policy;
  /** Of `on-failure:3`; absent or 0: without limit. */
  readonly retries?: number;
  readonly spans: { readonly policy: Span; readonly retries?: Span };
}

/** `none` and `any` are the words of deploy.restart_policy, which compose takes here as well. */
const POLICIES: ReadonlyMap<string, Policy> = new Map([
  ["", "no"],
  ["no", "no"],
  ["none", "no"],
  ["always", "always"],
  ["any", "always"],
  ["unless-stopped", "unless-stopped"],
  ["on-failure", "on-failure"],
]);

export function parseRestart(text: string): Restart | Fault {
  const [name, count] = pieces(text, ":");
  const written = name?.text ?? "";
  const policy = POLICIES.get(written);
  const policySpan = { start: 0, end: written.length };
  if (policy === undefined) return refused(`${JSON.stringify(written)} is no restart policy`, policySpan);
  if (count === undefined) return { policy, spans: { policy: policySpan } };
  const retries = parseInteger(count.text);
  const span = spanOf(count);
  if (retries === undefined)
    return misread(`${JSON.stringify(count.text)} is no number of retries, and compose takes it for none`, span);
  if (policy !== "on-failure" && retries !== 0) return refused(`${written} takes no number of retries`, span);
  if (retries < 0) return refused("a number of retries cannot be negative", span);
  return { policy, retries, spans: { policy: policySpan, retries: span } };
}
