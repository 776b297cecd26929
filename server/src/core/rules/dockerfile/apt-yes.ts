import { saidBefore } from "../../model/dockerfile/before.ts";
import {
  addOption,
  aptSetting,
  isAptTrue,
  type PackageCall,
  allPackageCalls,
} from "../../model/dockerfile/packages.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { defineRule, safeFix } from "../../rule.ts";
import { isFed } from "../without-yes.ts";

/** Actions that ask, and whether they need something to be about. */
const ASKS: ReadonlyMap<string, "anything" | "packages"> = new Map([
  ["install", "anything"],
  ["upgrade", "anything"],
  ["dist-upgrade", "anything"],
  ["full-upgrade", "anything"],
  ["build-dep", "packages"],
  ["satisfy", "packages"],
  ["remove", "packages"],
  ["purge", "packages"],
  ["autoremove", "anything"],
  ["auto-remove", "anything"],
  ["autopurge", "anything"],
]);

const YES: ReadonlySet<string> = new Set(["-y", "--yes", "--assume-yes", "--force-yes", "--assume-no"]);
/** Nothing is done, so nothing is asked. */
const DRY: ReadonlySet<string> = new Set([
  "-s",
  "--simulate",
  "--just-print",
  "--dry-run",
  "--recon",
  "--no-act",
  "--print-uris",
]);

export default defineRule({
  id: "apt-yes",
  summary: "apt-get install without -y",
  severity: "warning",
  profile: "recommended",
  fixable: "always",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL3014",
    "trivy:DS-0021",
    "kics:APT-GET Missing Flags To Avoid Manual Input",
    "dockerfilelint:apt-get_missing_param",
  ],
  why: `
A build has nobody to answer. As soon as \`apt-get install\` wants to bring in more than it was asked for, it asks whether to
go on, reads the end of its input and stops with \`Abort.\`. Whether it asks depends on what the base image has, so a build that
works today fails after the next base update. \`DEBIAN_FRONTEND=noninteractive\` silences the packages' own questions, not this one.
\`apt-get -s\` only says what it would do and asks nothing, which hadolint reports all the same.`,
  fixSafety: "Safe: where the question was not asked nothing changes, and where it was asked the build failed.",
  examples: [
    {
      bad: "FROM debian:13\nRUN apt-get update && apt-get install curl\n",
      fixed: "FROM debian:13\nRUN apt-get update && apt-get install -y curl\n",
    },
    { good: "FROM debian:13\nRUN apt-get update && apt-get -qq install curl\n" },
  ],
  check({ dockerfile, report }) {
    for (const call of allPackageCalls(dockerfile)) {
      if (!mayAsk(call) || isAnswered(dockerfile, call)) continue;
      const { command, manager, action } = call;
      report(
        { start: command.nameWord?.span.start ?? command.span.start, end: action.span.end },
        {
          message: `${manager} ${action.value} without -y waits for an answer nobody gives`,
          fixes: [safeFix("Add -y", addOption(call, "-y"))],
        },
      );
    }
  },
});

function mayAsk({ manager, action, operands, options, hidden }: PackageCall): boolean {
  if (manager !== "apt-get" && manager !== "apt" && manager !== "aptitude") return false;
  const asks = ASKS.get(action.value);
  if (asks === undefined || (asks === "packages" && operands.length === 0) || hidden) return false;
  return !options.some(({ name }) => DRY.has(name));
}

function isAnswered(dockerfile: Dockerfile, call: PackageCall): boolean {
  const { options } = call;
  if (options.some(({ name }) => YES.has(name)) || quietness(call) >= 2) return true;
  if (isAptTrue(aptSetting(call, "APT::Get::Assume-Yes"))) return true;
  return isFed(dockerfile, call) || isConfigured(dockerfile, call);
}

/** As a configuration file says it; `-o APT::Get::Assume-Yes=true` holds for its own command alone. */
const ASSUME_YES = /APT::Get::Assume-Yes\s+\W{0,3}(?:1|yes|true|with|on|enable)\b/i;

const isConfigured = (dockerfile: Dockerfile, { instruction, command }: PackageCall): boolean =>
  ASSUME_YES.test(dockerfile.text.slice(instruction.span.start, command.span.start)) ||
  saidBefore(dockerfile, instruction, ASSUME_YES);

/** `-qq` implies `-y`; `-q=2` is the same as `-qq`. */
const quietness = ({ options }: PackageCall): number =>
  options
    .filter(({ name }) => name === "-q" || name === "--quiet")
    .reduce((level, { value }) => (value === undefined ? level + 1 : Number(value) || 0), 0);
