import { readOptions } from "../../model/dockerfile/options.ts";
import { programsCalled } from "../../model/dockerfile/programs.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { defineRule, safeFix } from "../../rule.ts";
import { insert } from "../../text/edit.ts";

export default defineRule({
  id: "useradd-sparse-log",
  summary: "useradd with a high UID and without --no-log-init",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3046"],
  why: `
\`useradd\` makes room for the user in \`/var/log/lastlog\` and \`/var/log/faillog\`, which have a fixed place for every number up to
that user's. On a disk the gap costs nothing, in a layer it is written out as zeros: a UID of a company's directory can make the image
gigabytes larger or let the build fail. A UID of six or more digits is reported; hadolint counts the letters of a
variable's name too, here a variable counts with the value the file gives it.`,
  fixSafety:
    "Safe: the option leaves out the entries of the two log files and nothing else, and in a new image they say nothing.",
  examples: [
    {
      bad: "FROM debian:13\nRUN useradd -u 1234567 app\n",
      fixed: "FROM debian:13\nRUN useradd -l -u 1234567 app\n",
    },
    { good: "FROM debian:13\nRUN useradd --no-log-init -u 1234567 app\n" },
    { good: "FROM debian:13\nRUN useradd -u 10001 app\n" },
  ],
  check({ dockerfile, report }) {
    for (const { command, instruction } of programsCalled(dockerfile, "useradd")) {
      const { options, hidden } = readOptions(command, SYNTAX);
      const uid = options.findLast(({ name }) => name === "-u" || name === "--uid");
      const has = (...names: readonly string[]): boolean => options.some(({ name }) => names.includes(name));
      if (hidden || !uid?.value || has("-l", "--no-log-init", "-D", "--defaults") || !command.nameWord) continue;
      const { text, known } = expandIn(dockerfile, instruction, uid.value);
      if (!known || !/^\d{6,}$/.test(text)) continue;
      const end = command.nameWord.span.end;
      report((uid.valueWord ?? uid.word).span, {
        message: `useradd with UID ${text} writes login logs as large as the number: say --no-log-init`,
        fixes: [safeFix("Add -l", insert(end, instruction.json ? ', "-l"' : " -l"))],
      });
    }
  },
});

/** useradd(8), options with a value. */
const SYNTAX = {
  short: "bcdefgGkKpRPsuZ",
  long: new Set([
    "--base-dir",
    "--comment",
    "--home-dir",
    "--home",
    "--expiredate",
    "--inactive",
    "--gid",
    "--groups",
    "--skel",
    "--key",
    "--password",
    "--root",
    "--prefix",
    "--shell",
    "--uid",
    "--selinux-user",
  ]),
};
