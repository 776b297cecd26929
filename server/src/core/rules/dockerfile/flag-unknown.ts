import { type Frontend, frontendOf, missingFor } from "../../model/dockerfile/frontend.ts";
import {
  BARE_MOUNT_KEYS,
  type FlagSpec,
  INSTRUCTIONS,
  type InstructionSpec,
  MOUNT_KEYS,
  MOUNT_TYPES,
} from "../../model/dockerfile/instructions.ts";
import type { Dockerfile, Flag, FlagField, Instruction, Word } from "../../model/dockerfile/model.ts";
import { stageNamed } from "../../model/dockerfile/stages.ts";
import { hasVariable } from "../../model/dockerfile/variables.ts";
import { parseImageRef } from "../../model/image-ref.ts";
import { defineRule, type Report, unsafeFix } from "../../rule.ts";
import { insert, replace, type Span } from "../../text/edit.ts";
import { nearest } from "../../text/nearest.ts";

export default defineRule({
  id: "flag-unknown",
  summary: "flag that the instruction does not have, or with a value it cannot have",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: [
    "dockerfile-utils:UNKNOWN_ADD_FLAG",
    "dockerfile-utils:UNKNOWN_COPY_FLAG",
    "dockerfile-utils:UNKNOWN_FROM_FLAG",
    "dockerfile-utils:UNKNOWN_HEALTHCHECK_FLAG",
    "dockerfile-utils:FLAG_DUPLICATE",
    "dockerfile-utils:FLAG_MISSING_VALUE",
    "dockerfile-utils:FLAG_INVALID_FROM_VALUE",
    "dockerfile-utils:FLAG_INVALID_LINK_VALUE",
    "dockerfile-utils:FLAG_EXPECTED_BOOLEAN_VALUE",
    "dockerfile-utils:FLAG_AT_LEAST_ONE",
    "dockerfile-utils:FLAG_INVALID_DURATION",
    "dockerfile-utils:FLAG_LESS_THAN_1MS",
    "dockerfile-utils:FLAG_MISSING_DURATION",
    "dockerfile-utils:FLAG_UNKNOWN_UNIT",
    "dockerfile-utils:INVALID_SYNTAX",
  ],
  why: `
The build stops at a flag it does not know, at a single flag given twice, and at a value a flag cannot have; the same holds for
the options of \`RUN --mount\`. Flags and options are those of today's Docker frontend. Where \`# syntax=\` asks for an older
version, a flag that came later is reported; where it names somebody else's frontend, nothing is.`,
  fixSafety: "Unsafe: the nearest spelling is a guess, and so is the second as the unit of a bare number.",
  examples: [
    {
      bad: "FROM alpine:3.22\nCOPY --chwon=app . /app/\n",
      fixed: "FROM alpine:3.22\nCOPY --chown=app . /app/\n",
    },
    {
      bad: "FROM alpine:3.22\nRUN --mount=type=cache,tarket=/root/.cache make\n",
      fixed: "FROM alpine:3.22\nRUN --mount=type=cache,target=/root/.cache make\n",
    },
    {
      bad: "FROM alpine:3.22\nHEALTHCHECK --interval=30 CMD wget -qO /dev/null http://127.0.0.1/ || exit 1\n",
      fixed: "FROM alpine:3.22\nHEALTHCHECK --interval=30s CMD wget -qO /dev/null http://127.0.0.1/ || exit 1\n",
    },
    { bad: "# syntax=docker/dockerfile:1.4\nFROM alpine:3.22\nCOPY --parents src/*/go.mod /src/\n" },
    { good: "FROM alpine:3.22\nADD --unpack=true --chown=1000:1000 https://example.org/a.tgz /a/\n" },
  ],
  check({ dockerfile, report }) {
    const frontend = frontendOf(dockerfile);
    if (frontend.kind === "custom") return;
    for (const instruction of dockerfile.all) {
      const spec = INSTRUCTIONS.get(instruction.name);
      if (!spec) continue;
      const seen = new Map<string, Flag>();
      for (const flag of instruction.flags) {
        for (const fault of faultsOf(dockerfile, frontend, instruction, spec, flag, seen)) report(fault.span, fault);
        if (!seen.has(flag.name)) seen.set(flag.name, flag);
      }
    }
  },
});

interface Fault extends Report {
  readonly span: Span;
}

function faultsOf(
  dockerfile: Dockerfile,
  frontend: Frontend,
  { name }: Instruction,
  spec: InstructionSpec,
  flag: Flag,
  seen: ReadonlyMap<string, Flag>,
): readonly Fault[] {
  const known = spec.flags.find((each) => each.name === flag.name);
  if (!known) return [unknownFlag(spec, flag)];
  const earlier = seen.get(flag.name);
  if (earlier && !known.repeatable)
    return [
      {
        span: flag.nameSpan,
        message: `${name} may have ${flag.name} only once`,
        related: [{ span: earlier.nameSpan, message: "the first one" }],
      },
    ];
  const missing = missingFor(frontend, known);
  if (missing !== undefined)
    return [{ span: flag.nameSpan, message: `${name} ${flag.name} will not be understood: ${missing}` }];
  return valueFaults(dockerfile, frontend, known, flag);
}

function unknownFlag({ name, flags }: InstructionSpec, flag: Flag): Fault {
  if (flags.length === 0) {
    const advice =
      name === "CMD" || name === "ENTRYPOINT"
        ? ": write the command as a JSON array, so that it is not read as one"
        : "";
    return { span: flag.nameSpan, message: `${name} has no flags, and ${flag.name} is read as one${advice}` };
  }
  const near = nearest(
    flag.name,
    flags.map((each) => each.name),
  );
  if (near === undefined) return { span: flag.nameSpan, message: `${name} has no flag ${flag.name}` };
  return {
    span: flag.nameSpan,
    message: `${name} has no flag ${flag.name}; did you mean ${near}?`,
    fixes: [unsafeFix(`Replace with ${near}`, replace(flag.nameSpan, near))],
  };
}

function valueFaults(dockerfile: Dockerfile, frontend: Frontend, spec: FlagSpec, flag: Flag): readonly Fault[] {
  const { value } = flag;
  if (!value) return spec.value === "boolean" ? [] : [{ span: flag.nameSpan, message: `${flag.name} needs a value` }];
  // Any other flag may be empty, and is then as if it were not there.
  if (value.text === "")
    return spec.value === "boolean" || spec.value === "mount"
      ? [{ span: flag.nameSpan, message: `${flag.name}= has no value` }]
      : [];
  if (hasVariable(value.text) && spec.value !== "mount") return [];
  if (spec.choices && !spec.choices.includes(value.text))
    return [wrongChoice(flag.name, spec.choices, value.text, value.span)];
  switch (spec.value) {
    case "boolean":
      if (/^(?:true|false)$/i.test(value.text)) return [];
      return [{ span: value.span, message: `${flag.name} is true or false, not ${value.text}` }];
    case "source":
      if (stageNamed(dockerfile, value.text) || parseImageRef(value.text).ok) return [];
      return [{ span: value.span, message: `${value.text} can be neither a stage nor an image` }];
    case "mount":
      return mountFaults(frontend, flag.fields);
    case "duration":
      return durationFaults(dockerfile, flag.name, value);
    case "count":
      return countFaults(flag.name, value);
    default:
      return [];
  }
}

/** In milliseconds; the units of Go's time.ParseDuration. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["ns", 1e-6],
  ["us", 1e-3],
  ["\u00b5s", 1e-3],
  ["\u03bcs", 1e-3],
  ["ms", 1],
  ["s", 1e3],
  ["m", 6e4],
  ["h", 36e5],
]);

/** `1m30s` is 90000; otherwise what is wrong with it. */
function milliseconds(text: string): number | string {
  const [, sign, digits = ""] = /^([-+]?)(.*)$/.exec(text) ?? [];
  if (digits === "0") return 0;
  let sum = 0;
  for (let rest = digits; rest !== "" || digits === ""; ) {
    const [whole, number, unit = ""] = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest) ?? [];
    if (whole === undefined) return "is no duration such as 30s or 1m30s";
    if (unit === "") return "has a number without a unit: write 30s or 1m30s";
    const factor = UNITS.get(unit);
    if (factor === undefined) return `has the unknown unit ${unit}: write ns, us, ms, s, m or h`;
    sum += Number(number) * factor;
    rest = rest.slice(whole.length);
  }
  return sign === "-" ? -sum : sum;
}

function durationFaults({ text }: Dockerfile, name: string, { text: written, span }: Word): readonly Fault[] {
  const length = milliseconds(written);
  if (typeof length === "string") {
    const seconds = /^\d+$/.test(written) && text.slice(span.start, span.end) === written;
    const fixes = seconds ? [unsafeFix(`Write ${written}s`, insert(span.end, "s"))] : [];
    return [{ span, message: `${name}=${written} ${length}`, fixes }];
  }
  if (length === 0) return name === "--start-period" ? [] : [standsForDefault(name, written, span)];
  return length < 1 ? [{ span, message: `${name} cannot be shorter than 1ms, and is ${written}` }] : [];
}

function countFaults(name: string, { text: written, span }: Word): readonly Fault[] {
  if (!/^[-+]?\d+$/.test(written)) return [{ span, message: `${name} is a whole number, not ${written}` }];
  if (Number(written) < 0) return [{ span, message: `${name} cannot be negative, and is ${written}` }];
  return Number(written) === 0 ? [standsForDefault(name, written, span)] : [];
}

/** parseOptInterval and `--retries` of today's BuildKit take zero; the classic builder wants 1ms and one. */
const standsForDefault = (name: string, written: string, span: Span): Fault => ({
  span,
  severity: "warning",
  message: `${name}=${written} stands for the default, and older builders stop at it`,
});

function mountFaults(frontend: Frontend, fields: readonly FlagField[]): readonly Fault[] {
  const type = MOUNT_TYPES.find(
    ({ name }) => name === (fields.find(({ key }) => key === "type")?.value?.toLowerCase() ?? "bind"),
  );
  return fields.flatMap((field): readonly Fault[] => {
    const { key, keySpan, value, valueSpan, span } = field;
    if (hasVariable(key)) return [];
    if (!MOUNT_KEYS.has(key)) return [unknownKey(key, keySpan)];
    if (value === undefined)
      return BARE_MOUNT_KEYS.has(key) ? [] : [{ span, message: `The mount option ${key} needs a value` }];
    if (hasVariable(value) || !valueSpan) return [];
    if (key === "type") {
      const types = MOUNT_TYPES.map(({ name }) => name);
      return types.includes(value.toLowerCase()) ? [] : [wrongChoice("A mount's type", types, value, valueSpan)];
    }
    const option = type?.options.find(({ name, aliases }) => name === key || aliases.includes(key));
    if (!option) return [];
    const missing = missingFor(frontend, option);
    if (missing !== undefined)
      return [{ span: keySpan, message: `The mount option ${key} will not be understood: ${missing}` }];
    return option.choices && !option.choices.includes(value.toLowerCase())
      ? [wrongChoice(key, option.choices, value, valueSpan)]
      : [];
  });
}

function unknownKey(key: string, span: Span): Fault {
  const near = nearest(key, MOUNT_KEYS);
  if (near === undefined) return { span, message: `A mount has no option ${key === "" ? "without a name" : key}` };
  return {
    span,
    message: `A mount has no option ${key}; did you mean ${near}?`,
    fixes: [unsafeFix(`Replace with ${near}`, replace(span, near))],
  };
}

function wrongChoice(what: string, choices: readonly string[], value: string, span: Span): Fault {
  const near = nearest(value, choices);
  return {
    span,
    message: `${what} is ${choices.slice(0, -1).join(", ")} or ${choices.at(-1) ?? ""}, not ${value}`,
    ...(near !== undefined && { fixes: [unsafeFix(`Replace with ${near}`, replace(span, near))] }),
  };
}
