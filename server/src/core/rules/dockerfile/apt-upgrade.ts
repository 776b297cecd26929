import { defineRule } from "../../rule.ts";
import { reportUpgrades } from "../upgrades.ts";

export default defineRule({
  id: "apt-upgrade",
  summary: "apt-get upgrade in a build",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["dockerfilelint:apt-get-upgrade"],
  why: `
\`apt-get upgrade\` stores a second copy of every package it replaces: the base image's layer stays as it is below. What it
brings depends on the day, and because the layer is cached, a rebuild next month brings nothing new and still looks up to date.
Take a newer base image instead (\`docker build --pull\`), and install by name the one package whose fix cannot wait.

People disagree: where the base image is rebuilt rarely, an upgrade in a build without cache is a way to get security fixes. That is
why the rule is for the strict profile only; hadolint has retired its own.`,
  fixSafety: `
Unsafe: the packages stay as the base image has them, without the fixes made since. A \`RUN\` that does nothing else goes as a whole.`,
  examples: [
    {
      bad: "FROM debian:13\nRUN apt-get update && apt-get upgrade -y && apt-get install -y curl\n",
      fixed: "FROM debian:13\nRUN apt-get update && apt-get install -y curl\n",
    },
    { good: "FROM debian:13\nRUN apt-get update && apt-get install -y --only-upgrade openssl\n" },
  ],
  check(context) {
    reportUpgrades(
      context,
      ({ system, verb, packages }) => system === "apt" && UPGRADES.has(verb.value) && packages.length === 0,
      ({ manager, verb }) =>
        `${manager} ${verb.value} stores what it replaces a second time, and installs whatever versions the day of the build has`,
    );
  },
});

const UPGRADES: ReadonlySet<string> = new Set(["upgrade", "safe-upgrade"]);
