import { lineageInstructions, finalStage } from "../../model/dockerfile/stages.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { baseImageOf, isRoot } from "../../model/dockerfile/facts.ts";
import { readOptions } from "../../model/dockerfile/options.ts";
import { programsCalled } from "../../model/dockerfile/programs.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule, type Fix, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "user-not-numeric",
  summary: "USER is a name instead of a number",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3066"],
  why: `
Kubernetes with \`runAsNonRoot: true\` does not start a container whose user is a name: only the image's own \`/etc/passwd\` says that
the name is not root. A number is understood everywhere. Judged is the last \`USER\` of the image that is shipped; \`root\` itself,
a \`USER\` that a later one replaces, and other stages, which hadolint reports alike, are in the widest profile only. A variable is
looked at where the file gives it a value: hadolint takes \`$APP_UID\` for a name although an \`ENV\` makes it \`999\`, and for a number
when an \`ARG\` makes it \`app\`. One that nothing in the file declares is in the widest profile, as its value stands in the base image.
Accounts of Windows, which hadolint reports alike, have no numbers and are in the widest profile as well.`,
  fixSafety: `
Unsafe: it takes the number that the file gives the user, or that the base image is known for; Docker looks the group up by
either. A base image that renumbers its user would be missed.`,
  examples: [
    {
      bad: "FROM debian:13\nRUN useradd -r -u 10001 app\nUSER app\n",
      fixed: "FROM debian:13\nRUN useradd -r -u 10001 app\nUSER 10001\n",
    },
    { good: "FROM debian:13\nUSER 10001:10001\n" },
    { good: "FROM debian:13\nARG APP_UID\nUSER $APP_UID\n" },
  ],
  check({ dockerfile, report }) {
    const users = allNamed(dockerfile, "USER").filter(({ args }) => args.text !== "");
    if (users.length === 0) return;
    const last = finalStage(dockerfile);
    const judged = last ? lineageInstructions(dockerfile, last).findLast(({ name }) => name === "USER") : users.at(-1);
    for (const user of users) {
      const { text, known } = expandIn(dockerfile, user, user.args.text);
      const name = unquote(text, dockerfile.escape).split(":")[0] ?? "";
      if (!known && isForeign(dockerfile, user.args.text)) {
        report(user.args.span, {
          message: `Whether USER ${user.args.text} is a number only the base image knows: the file does not set the variable`,
          severity: "hint",
          profile: "all",
          refusal: "the number stands in the base image",
        });
        continue;
      }
      if (!known || name === "" || /^\d+$/.test(name)) continue;
      if (/^Container(?:Administrator|User)$/i.test(name)) {
        report(user.args.span, {
          message: `USER ${name} is a name: an account of Windows has no number that could stand there`,
          severity: "hint",
          profile: "all",
          refusal: "there is no number to write",
        });
        continue;
      }
      const fix = fixFor(dockerfile, user, name);
      report(user.args.span, {
        message: isRoot(name)
          ? "USER root is a name: 0 says the same to what cannot read the image's /etc/passwd"
          : `USER ${name} is a name: Kubernetes cannot tell that it is not root`,
        ...((user !== judged || isRoot(name)) && { profile: "all" as const }),
        ...(fix ? { fixes: [fix] } : { refusal: "the file does not say which number the user has" }),
      });
    }
  },
});

/** A variable alone, which no ARG and no ENV of the file names. */
function isForeign({ all }: Dockerfile, text: string): boolean {
  const name = /^\$\{?(\w+)\}?(?=:|$)/.exec(text)?.[1];
  return (
    name !== undefined &&
    !all.some((each) => (each.name === "ARG" || each.name === "ENV") && each.pairs.some(({ key }) => key.text === name))
  );
}

function fixFor(dockerfile: Dockerfile, user: Instruction, name: string): Fix | undefined {
  const uid = isRoot(name) ? "0" : (uidGiven(dockerfile, user, name) ?? uidOfBase(dockerfile, user, name));
  const source = dockerfile.text.slice(user.args.span.start, user.args.span.end);
  if (uid === undefined || !source.startsWith(name) || !/^(?::|\s|$)/.test(source.slice(name.length))) return undefined;
  const { start } = user.args.span;
  return unsafeFix(`Write ${uid} for ${name}`, replace({ start, end: start + name.length }, uid));
}

/** adduser of Debian takes `--uid 1`, that of busybox `-u 1`. */
const SYNTAX = {
  short: "bcdefgGhkKpPRsuZ",
  long: new Set(["--uid", "--gid", "--home", "--home-dir", "--shell", "--comment", "--gecos", "--groups", "--ingroup"]),
};

/** The number a command of the file gives the user. */
function uidGiven(dockerfile: Dockerfile, user: Instruction, name: string): string | undefined {
  for (const program of ["useradd", "adduser"].flatMap((each) => programsCalled(dockerfile, each))) {
    const { options, operands } = readOptions(program.command, SYNTAX);
    if (program.instruction.index > user.index || !operands.some(({ value }) => value === name)) continue;
    const written = options.findLast((option) => option.name === "-u" || option.name === "--uid")?.value;
    const { text, known } = expandIn(dockerfile, program.instruction, written ?? "");
    if (known && /^\d+$/.test(text)) return text;
  }
  return undefined;
}

function uidOfBase(dockerfile: Dockerfile, user: Instruction, name: string): string | undefined {
  const stage = dockerfile.stages[user.stage];
  const account = stage && baseImageOf(dockerfile, stage)?.account;
  return account?.name === name ? String(account.uid) : undefined;
}
