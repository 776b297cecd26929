import type { SystemCall } from "../../model/dockerfile/system-packages.ts";
import { defineRule } from "../../rule.ts";
import { reportUnpinned } from "../unpinned.ts";

export default defineRule({
  id: "zypper-unpinned",
  summary: "zypper install without a version",
  severity: "info",
  profile: "strict",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["hadolint:DL3037", "kics:Zypper Install Without Version"],
  why: `
\`zypper install nginx\` takes the version the repositories have on the day of the build, so two builds of one commit differ.
\`nginx=1.27.2\` says which one, \`'nginx>=1.27'\` at least which. Repositories drop old versions, and a pinned build then fails until
somebody raises the number: that is why the rule is for the strict profile only.

Any comparison counts, as hadolint has it. Files, patterns (\`-t pattern\`) and what a variable hides are left alone; a variable that
the file or the script itself sets is looked into. There is no fix: which version to write only the package index knows.`,
  examples: [
    { bad: "FROM opensuse/leap:15.6\nRUN zypper -n install nginx && zypper clean --all\n" },
    { good: "FROM opensuse/leap:15.6\nRUN zypper -n install nginx=1.27.2 && zypper clean --all\n" },
  ],
  check(context) {
    reportUnpinned(context, isInstall, isLoose);
  },
});

const isInstall = ({ system, verb, options }: SystemCall): boolean =>
  system === "zypper" &&
  (verb.value === "install" || verb.value === "in") &&
  !options.some(({ name, value }) => (name === "-t" || name === "--type") && value !== "package");

/** `-name` and `!name` take a package away, `pattern:name` is another kind of thing. */
const isLoose = (name: string): boolean =>
  !/[=<>]|\.rpm$|^[-!~]|^\.{0,2}\/|:\/\/|^(?:pattern|patch|product|srcpackage):/.test(name);
