import { defineRule } from "../../rule.ts";
import { reportUpgrades } from "../upgrades.ts";

export default defineRule({
  id: "apt-dist-upgrade",
  summary: "apt-get dist-upgrade in a build",
  severity: "warning",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["trivy:DS-0024", "dockerfilelint:apt-get-dist-upgrade", "dockle:DKL-DI-0003"],
  why: `
\`apt-get dist-upgrade\`, which \`apt\` calls \`full-upgrade\`, may remove packages to be able to upgrade others: an image can lose
something its software needs on the day a dependency changes, without a change anyone made. Like every upgrade it stores a second
copy of what it replaces, and a cached layer keeps it from being repeated. Take a newer base image instead.`,
  fixSafety: `
Unsafe: the packages stay as the base image has them, without the fixes made since. A \`RUN\` that does nothing else goes as a whole.`,
  examples: [
    {
      bad: "FROM debian:13\nRUN apt-get update && apt-get -y dist-upgrade && apt-get install -y curl\n",
      fixed: "FROM debian:13\nRUN apt-get update && apt-get install -y curl\n",
    },
    { good: "FROM debian:13\nRUN apt-get update && apt-get install -y curl\n" },
  ],
  check(context) {
    reportUpgrades(
      context,
      ({ system, verb }) => system === "apt" && UPGRADES.has(verb.value),
      ({ manager, verb }) => `${manager} ${verb.value} may remove packages in order to upgrade others`,
    );
  },
});

const UPGRADES: ReadonlySet<string> = new Set(["dist-upgrade", "full-upgrade"]);
