import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { mountsOf } from "../../model/dockerfile/mounts.ts";
import { type Program, programsCalled } from "../../model/dockerfile/programs.ts";
import { scriptsOf } from "../../model/dockerfile/shell.ts";
import { contains } from "../../text/edit.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  id: "chpasswd",
  summary: "a RUN sets a password",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["checkov:CKV2_DOCKER_17"],
  why: `
A password that a build sets is the same in every container of the image, stands in the image's history for everyone who can
pull it, and is changed by building anew. Programs in a container need none: \`USER\` says who they run as, \`docker exec\` gets in
without one. Where the password does not stand in the file itself (a variable, an encrypted one, a file) only the strict
profile reports it, and a RUN that mounts a secret is left alone. \`passwd --stdin\` does the same and is reported too.`,
  examples: [
    { bad: "FROM debian:13\nRUN echo 'root:letmein' | chpasswd\n" },
    { good: "FROM debian:13\nRUN useradd --system app\nUSER app\n" },
  ],
  check({ dockerfile, report }) {
    const calls = [
      ...programsCalled(dockerfile, "chpasswd"),
      ...programsCalled(dockerfile, "passwd").filter(({ command }) =>
        command.args.some(({ value }) => value === "--stdin"),
      ),
    ];
    for (const { command, instruction } of calls) {
      if (mountsOf(dockerfile, instruction).some(({ type }) => type === "secret")) continue;
      const plain = isWritten(dockerfile, { command, instruction });
      report((command.nameWord ?? command).span, {
        message: plain
          ? "A password set here is in every container of the image, and in its history"
          : "A password set here is the same in every container of the image",
        ...(!plain && { profile: "strict" as const }),
      });
    }
  },
});

/** `echo user:password | chpasswd`: the password stands in the file. */
function isWritten(dockerfile: Dockerfile, { command, instruction }: Program): boolean {
  if (command.args.some(({ value }) => /^-e$|^--encrypted$/.test(value))) return false;
  return scriptsOf(dockerfile, instruction).some(({ pipelines, commands }) => {
    const pipe = pipelines.find(({ parts }) => parts.slice(1).some((part) => contains(part, command.span)));
    const writer =
      pipe && commands.find(({ span, name }) => contains(pipe.span, span) && (name === "echo" || name === "printf"));
    return (
      writer?.args.some(({ literal, value }) => literal && !value.startsWith("-") && /\w/.test(value)) === true &&
      writer.args.every(({ literal }) => literal)
    );
  });
}
