import { MILLISECOND, parseDuration } from "../../model/dockerfile/durations.ts";
import { certaintyOf } from "../../model/dockerfile/frontend.ts";
import { INSTRUCTIONS } from "../../model/dockerfile/instructions.ts";
import type { Dockerfile, Flag, Word } from "../../model/dockerfile/model.ts";
import { defineRule, type Report, unsafeFix } from "../../rule.ts";
import { insert, type Span } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "healthcheck-options",
  summary: "HEALTHCHECK option without a value, or with one that is no duration or number",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: [
    "dockerfilelint:healthcheck_options_missing_args",
    "dockerfile-utils:FLAG_INVALID_DURATION",
    "dockerfile-utils:FLAG_LESS_THAN_1MS",
    "dockerfile-utils:FLAG_MISSING_DURATION",
    "dockerfile-utils:FLAG_UNKNOWN_UNIT",
    "dockerfile-utils:FLAG_AT_LEAST_ONE",
    "dockerfile-utils:FLAG_MISSING_VALUE",
  ],
  why: `
BuildKit reads durations as Go does: numbers with the units ns, us, ms, s, m and h, as \`30s\` or \`1m30s\`, no shorter than a
millisecond; retries are a whole number. At anything else the build stops, variables included: they are not put in here.
A zero is read, and stands for the default: somebody who writes \`--retries=0\` to get no retries gets three. Docker before BuildKit
stopped at it. \`--start-period=0s\` is the default itself and fine.`,
  fixSafety: "Unsafe: that a number without a unit means seconds is a guess.",
  examples: [
    {
      bad: "FROM alpine:3.22\nHEALTHCHECK --interval=30 CMD wget -qO /dev/null http://127.0.0.1/ || exit 1\n",
      fixed: "FROM alpine:3.22\nHEALTHCHECK --interval=30s CMD wget -qO /dev/null http://127.0.0.1/ || exit 1\n",
    },
    { bad: "FROM alpine:3.22\nHEALTHCHECK --retries=three CMD pgrep crond\n" },
    { good: "FROM alpine:3.22\nHEALTHCHECK --interval=1m30s --start-period=0s --retries=3 CMD pgrep crond\n" },
  ],
  check({ dockerfile, report }) {
    const certainty = certaintyOf(dockerfile);
    if (!certainty) return;
    for (const { words, flags } of allNamed(dockerfile, "HEALTHCHECK")) {
      // Nobody reads the flags of HEALTHCHECK NONE.
      if (words[0]?.text.toUpperCase() === "NONE") continue;
      for (const flag of flags) {
        const fault = faultOf(dockerfile, flag);
        if (fault) report(fault.span, { ...fault.report, ...certainty });
      }
    }
  },
});

interface Fault {
  readonly span: Span;
  readonly report: Report;
}

const FLAGS = new Map(INSTRUCTIONS.get("HEALTHCHECK")?.flags.map(({ name, value }) => [name, value]));

function faultOf(dockerfile: Dockerfile, { name, nameSpan, value }: Flag): Fault | undefined {
  const kind = FLAGS.get(name);
  if (kind === undefined) return undefined;
  if (!value) return { span: nameSpan, report: { message: `${name} needs a value` } };
  // It is then as if it were not there.
  if (value.text === "") return undefined;
  const report = kind === "duration" ? durationReport(dockerfile, name, value) : countReport(name, value.text);
  return report && { span: value.span, report };
}

function durationReport({ text }: Dockerfile, name: string, { text: written, span }: Word): Report | undefined {
  const length = parseDuration(written);
  if (typeof length === "string") {
    const seconds = /^\d+$/.test(written) && text.slice(span.start, span.end) === written;
    const fixes = seconds ? [unsafeFix(`Write ${written}s`, insert(span.end, "s"))] : [];
    return { message: `${name}=${written} ${length}`, fixes };
  }
  if (length === 0) return name === "--start-period" ? undefined : standsForDefault(name, written);
  return length < MILLISECOND ? { message: `${name} cannot be shorter than 1ms, and is ${written}` } : undefined;
}

function countReport(name: string, written: string): Report | undefined {
  if (!/^[-+]?\d+$/.test(written)) return { message: `${name} is a whole number, not ${written}` };
  const count = Number(written);
  if (count < 0) return { message: `${name} cannot be negative, and is ${written}` };
  if (count >= 2 ** 31) return { message: `${name} is at most 2147483647, and is ${written}` };
  return count === 0 ? standsForDefault(name, written) : undefined;
}

/** parseOptInterval and `--retries` of today's BuildKit take zero; the classic builder wants 1ms and one. */
const standsForDefault = (name: string, written: string): Report => ({
  severity: "warning",
  message: `${name}=${written} stands for the default, and older builders stop at it`,
});
