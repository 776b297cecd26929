/** The rows about what two containers did. */
import { isRoot } from "../model/dockerfile/facts.ts";
import { bytesText } from "../text/bytes.ts";
import { judgedUser } from "./configuration.ts";
import type { Answer, RunFacts } from "./facts.ts";
import { masked } from "./mask.ts";
import { type Judged, listed, type Row, row } from "./rows.ts";

/** 128 and the number of SIGKILL: it had to be killed. */
const KILLED = 137;
/** Less than that is how a machine has it. */
const SLOWER_MS = 3_000;

export function behaviourRows(before: RunFacts, after: RunFacts): readonly Row[] {
  return [
    startRow(before, after),
    ...exitRow(before, after),
    outputRow(before, after),
    ...unaskedRow(before),
    ...before.answers.map((answer) => answerRow(answer, after)),
    ...runningUserRow(before, after),
    row("health", "health", [before.health, after.health], judgedHealth(before, after)),
    ...stopRow(before, after),
  ];
}

function startText({ end, port, tried }: RunFacts): string {
  if (port !== undefined) return `answers on port ${port}`;
  if (end === "cut off") return "prints without end";
  if (end === "exited") return "ends by itself";
  return tried.length === 0 ? "keeps running" : `keeps running, no answer on ${listed(tried.map(String))}`;
}

function startRow(before: RunFacts, after: RunFacts): Row {
  const elsewhere = before.port !== undefined && after.port !== undefined && before.port !== after.port;
  const values = [startText(before), startText(after)] as const;
  return row(elsewhere ? "ports" : "start", "once started", values, judgedStart(before, after));
}

function judgedStart(before: RunFacts, after: RunFacts): Judged {
  if (startText(before) === startText(after)) return ["same"];
  const said = after.end === "exited" ? after.lastWords.at(-1) : undefined;
  return said === undefined ? ["different"] : ["different", `its last words: ${said}`];
}

function exitRow(before: RunFacts, after: RunFacts): readonly Row[] {
  if (before.end !== "exited" && after.end !== "exited") return [];
  const text = ({ end, exitCode }: RunFacts): string => (end === "exited" ? String(exitCode ?? "unknown") : "none");
  const values = [text(before), text(after)] as const;
  return [row("exit-code", "exit code", values, values[0] === values[1] ? ["same"] : ["different"])];
}

function outputRow(before: RunFacts, after: RunFacts): Row {
  const [was, is] = [before.stdout.map(masked), after.stdout.map(masked)];
  const first = was.findIndex((line, at) => line !== is[at]);
  const at = first === -1 && is.length > was.length ? was.length : first;
  const whole = [`${was.length} lines`, `${is.length} lines`] as const;
  if (at === -1) return row("output", "output", whole, ["same"]);
  const both = [before.stdout[at] ?? "no such line", after.stdout[at] ?? "no such line"] as const;
  if (before.port !== undefined)
    return row("output", `output, line ${at + 1}`, both, [
      "not compared",
      "a server's log is another from run to run; its answers are compared",
    ]);
  // Whoever still runs has printed as far as it had come.
  if (at >= Math.min(was.length, is.length) && at > 0 && (before.end !== "exited" || after.end !== "exited"))
    return row("output", "output", whole, ["same", "as far as both had come"]);
  return row("output", `output, line ${at + 1}`, both, ["different"]);
}

/** It may be a server that says nothing of its port, or one in no network. */
function unaskedRow({ end, port, tried, listening }: RunFacts): readonly Row[] {
  if (end !== "stopped" || port !== undefined || tried.length > 0 || listening?.length === 0) return [];
  const why = listening
    ? `nobody can ask port ${listed(listening.map(String))} in this network`
    : "no port is exposed; name the one it answers on";
  return [row("answer", "answers", ["none", "none"], ["not compared", why])];
}

function answerRow(before: Answer, { port, answers }: RunFacts): Row {
  const what = `GET ${before.path}`;
  const after = answers.find(({ path }) => path === before.path);
  if (!after) {
    const why = port === undefined ? "it does not answer" : "it was not asked";
    return row("answer", what, [answerText(before), "no answer"], ["different", why]);
  }
  return row("answer", what, [answerText(before), answerText(after)], judgedAnswer(before, after));
}

function answerText(answer: Answer): string {
  if ("failure" in answer) return answer.failure;
  const { status, type, location, body, cut } = answer;
  const length = `${cut ? "over " : ""}${bytesText(body.length)}`;
  return [String(status), ...(location === undefined ? [] : [`to ${location}`]), ...(type ? [type] : []), length].join(
    ", ",
  );
}

function judgedAnswer(before: Answer, after: Answer): Judged {
  if ("failure" in before) return "failure" in after ? ["not compared", before.failure] : ["expected", "it answers"];
  if ("failure" in after) return ["different", after.failure];
  if (before.status !== after.status) return ["different", "another status"];
  if (meant(before.type) !== meant(after.type)) return ["different", "another content type"];
  if (masked(before.location ?? "") !== masked(after.location ?? "")) return ["different", "it leads elsewhere"];
  if (before.body === after.body || masked(before.body) === masked(after.body))
    return before.cut ? ["same", "as much of the body as is read"] : ["same"];
  if (!before.steady || !after.steady) return ["same", "but for the body, which is another at each request"];
  return ["different", "another body"];
}

function runningUserRow(before: RunFacts, after: RunFacts): readonly Row[] {
  if (before.end !== "stopped" || after.end !== "stopped") return [];
  const [was, is] = [before.users, after.users];
  return [row("running-user", "processes run as", [listed(was), listed(is)], judgedUsers(was, is))];
}

function judgedUsers(was: readonly string[], is: readonly string[]): Judged {
  if (was.length === 0 || is.length === 0) return ["not compared", "the engine did not say whose processes they were"];
  if (was.join() === is.join()) return ["same"];
  return judgedUser(was.find(isRoot) ?? was[0] ?? "", is.find(isRoot) ?? is[0] ?? "");
}

function judgedHealth({ health: was }: RunFacts, { health: is }: RunFacts): Judged {
  if (was === "starting" || is === "starting") return ["not compared", "no check had ended when it was stopped"];
  if (was === "unknown" || is === "unknown") return ["not compared", "the engine does not say it"];
  if (was === is) return ["same"];
  if (is === "healthy") return ["expected", was === "none" ? "it is checked now" : "it is well now"];
  if (is === "none") return ["different", "it is not checked any more"];
  return ["different", "the check fails"];
}

function stopRow(before: RunFacts, after: RunFacts): readonly Row[] {
  if (before.stopMs === undefined || after.stopMs === undefined) return [];
  const text = ({ stopMs = 0, exitCode }: RunFacts): string =>
    `${(stopMs / 1000).toFixed(1)} s, exit code ${exitCode ?? "unknown"}`;
  return [row("stop", "when stopped", [text(before), text(after)], judgedStop(before, after))];
}

function judgedStop(before: RunFacts, after: RunFacts): Judged {
  const [was, is] = [before.exitCode, after.exitCode];
  if (was === undefined || is === undefined) return ["not compared", "the engine did not say the exit code"];
  if (is === KILLED && was !== KILLED) return ["different", "it does not hear the signal and is killed"];
  if (was === KILLED && is !== KILLED) return ["expected", "the signal reaches it now"];
  if (was === 0 && is !== 0) return ["different", "it does not end in order any more"];
  if ((after.stopMs ?? 0) - (before.stopMs ?? 0) > SLOWER_MS) return ["different", "it takes longer"];
  return was === is ? ["same"] : ["expected", "another process gets the signal"];
}

/** One type has several names: RFC 9239 has them all mean `text/javascript`. */
const meant = (type: string | undefined): string | undefined =>
  type?.replace(/^(?:application|text)\/(?:x-)?(?:java|ecma)script$/, "text/javascript");
