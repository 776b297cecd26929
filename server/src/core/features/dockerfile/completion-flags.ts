/** Flags that are not given yet, and what they may be. */
import { missingFor } from "../../model/dockerfile/frontend.ts";
import { type FlagSpec, INSTRUCTIONS } from "../../model/dockerfile/instructions.ts";
import type { Instruction } from "../../model/dockerfile/model.ts";
import { accountCandidates } from "./completion-accounts.ts";
import type { Candidate, Inside } from "./completion-model.ts";
import { contextPaths } from "./completion-paths.ts";
import { sourceCandidates } from "./completion-stages.ts";
import type { Part, Typed } from "./cursor.ts";
import { flagDoc, flagText } from "./documentation.ts";
import { releaseOf } from "./since.ts";

type FlagValue = Extract<Part, { readonly in: "flag value" }>;

/** What stands behind the equals sign, to be chosen next; nothing for switches. */
const isSwitch = ({ value }: FlagSpec): boolean => value === "boolean";

export function flagCandidates(
  { dockerfile, place, instruction, frontend }: Inside,
  typed: Typed,
): readonly Candidate[] {
  const spec = INSTRUCTIONS.get(place.name);
  if (!spec) return [];
  const given = flagsOf(instruction.trigger ?? instruction, dockerfile.text.slice(typed.span.start, typed.span.end));
  const hasValue = dockerfile.text[typed.span.end] === "=";
  const isFollowed = /^[ \t]/.test(dockerfile.text.slice(typed.span.end, typed.span.end + 1));
  const offered = spec.flags.filter((flag) => flag.repeatable || !given.has(flag.name));
  // What this file cannot use comes last.
  const usable = offered.filter((flag) => !missingFor(frontend, flag));
  return [...usable, ...offered.filter((flag) => !usable.includes(flag))].map((flag): Candidate => {
    const rest = hasValue ? "" : isSwitch(flag) ? (isFollowed ? "" : " ") : "=";
    return {
      label: flag.name,
      kind: "key",
      detail: releaseOf(flag),
      about: flagText(dockerfile, place.name, flag),
      text: `${flag.name}${rest}`,
      ...(rest === "=" && { snippet: `${flag.name}=$0` }),
    };
  });
}

/** Behind the cursor too, where half a flag in front of them hides them from BuildKit; without the one that is being written. */
function flagsOf({ logical }: Instruction, here: string): ReadonlySet<string> {
  const words = logical.text.split(/\s+/).filter((word) => word !== "");
  const end = words.findIndex((word) => !word.startsWith("-"));
  const names = (end === -1 ? words : words.slice(0, end)).map((word) => word.replace(/=.*$/s, ""));
  const own = names.indexOf(here);
  return new Set(names.filter((_, at) => at !== own));
}

const DURATIONS: Readonly<Record<string, readonly string[]>> = {
  "--interval": ["30s", "10s", "1m", "5m"],
  "--timeout": ["5s", "3s", "10s", "30s"],
  "--start-period": ["10s", "30s", "1m", "2m"],
  "--start-interval": ["1s", "2s", "5s"],
};

const PLATFORMS = [
  "linux/amd64",
  "linux/arm64",
  "linux/arm/v7",
  "linux/s390x",
  "linux/ppc64le",
  "linux/riscv64",
  "windows/amd64",
];
/** Most often wanted first: keys that are numbers keep no order. */
const MODES = ["755", "644", "600", "700", "u=rwX,go=rX"];
const DEVICES = ["nvidia.com/gpu=all"];

export function flagValues(inside: Inside, part: FlagValue): readonly Candidate[] {
  const { place } = inside;
  const flag = INSTRUCTIONS.get(place.name)?.flags.find(({ name }) => name === part.flag);
  if (!flag) return [];
  const { values = {} } = flagDoc(place.name, flag.name) ?? {};
  const known = Object.entries(values).map(
    ([label, meaning]): Candidate => ({ label, kind: label.startsWith("$") ? "variable" : "value", detail: meaning }),
  );
  const plain = (labels: readonly string[]): readonly Candidate[] => labels.map((label) => ({ label, kind: "value" }));
  switch (flag.value) {
    case "source":
      return sourceCandidates(inside);
    case "platform":
      return [...known, ...plain(PLATFORMS)];
    case "duration":
      return plain(DURATIONS[flag.name] ?? []);
    case "permissions":
      return MODES.map((label) => ({ label, kind: "value", detail: values[label] }));
    case "count":
      return plain(["3", "5", "1"]);
    default:
      if (flag.name === "--chown") return accountCandidates(inside, part);
      if (flag.name === "--exclude") return contextPaths(inside, part);
      if (flag.name === "--device") return plain(DEVICES);
      if (flag.name === "--checksum") return plain(["sha256:"]);
      return known;
  }
}
