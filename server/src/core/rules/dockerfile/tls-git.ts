import { type Program, programsCalled } from "../../model/dockerfile/programs.ts";
import { type Context, defineRule } from "../../rule.ts";
import {
  commandRemoval,
  isLoopback,
  lineRemoval,
  settingRemoval,
  settingsOf,
  wordRemoval,
  writtenLines,
} from "../verification.ts";

export default defineRule({
  id: "tls-git",
  summary: "git does not check the certificate",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["checkov:CKV2_DOCKER_14"],
  why: `
Without the check anyone between the build and the server can hand git another repository, and with it the code that is built
next. git only asks whether \`GIT_SSL_NO_VERIFY\` is set: \`GIT_SSL_NO_VERIFY=0\` and \`=false\` switch the check off too.
\`http.sslVerify\` that is false, in \`git config\`, behind \`-c\` or in a \`.gitconfig\`, does the same. A company's own certificate
authority belongs in the trust store or in \`http.sslCAInfo\`.`,
  fixSafety: "Unsafe: a server whose certificate is not trusted makes the build fail then.",
  examples: [
    {
      bad: "FROM debian:13\nRUN GIT_SSL_NO_VERIFY=1 git clone https://git.example.org/app.git\n",
      fixed: "FROM debian:13\nRUN git clone https://git.example.org/app.git\n",
    },
    {
      bad: "FROM debian:13\nRUN git config --global http.sslVerify false && git clone https://git.example.org/app.git\n",
      fixed: "FROM debian:13\nRUN git clone https://git.example.org/app.git\n",
    },
    { good: "FROM debian:13\nRUN git -c http.sslCAInfo=/ca.pem clone https://git.example.org/app.git\n" },
  ],
  check(context) {
    const { dockerfile, report } = context;
    for (const setting of settingsOf(dockerfile, "GIT_SSL_NO_VERIFY"))
      report(setting.span, {
        message: "git checks no certificate as soon as GIT_SSL_NO_VERIFY is set, whatever its value",
        ...settingRemoval(setting),
      });
    if (!/sslverify/i.test(dockerfile.text)) return;
    for (const program of programsCalled(dockerfile, "git")) reportGit(context, program);
    for (const line of writtenLines(
      dockerfile,
      /sslverify/i,
      /(?:^|\\n|\n)\s*sslVerify\s*=\s*(?:false|no|off|0)\s*(?:$|\\n|\n)/i,
    )) {
      if (!/\bgit[ -]?config/i.test(dockerfile.text.slice(line.instruction.span.start, line.instruction.span.end)))
        continue;
      report(line.span, { message: "http.sslVerify is off: git checks no certificate", ...lineRemoval(line) });
    }
  },
});

const KEY = /^http\.(?:(.+)\.)?sslverify$/i;
const PAIR = /^http\.(?:(.+)\.)?sslverify=(?:false|no|off|0)?$/i;
/** What git reads as false; nothing at all is false too (git-config(1), "Values"). */
const FALSE = /^(?:false|no|off|0|)$/i;

function reportGit({ dockerfile, report }: Context, program: Program): void {
  const { args } = program.command;
  for (const [at, word] of args.entries()) {
    const joined = /^(?:-c|--config=)(http\..+)$/i.exec(word.value);
    const before = args[at - 1];
    const apart = before && /^(?:-c|--config)$/.test(before.value);
    const url = PAIR.exec(joined?.[1] ?? (apart ? word.value : ""));
    if (!url || isLoopback(url[1] ?? "")) continue;
    const first = joined ? word : (before ?? word);
    report(
      { start: first.span.start, end: word.span.end },
      { message: "http.sslVerify is off: git checks no certificate", ...wordRemoval(dockerfile, program, first, word) },
    );
  }
  const words = args.filter(({ value }) => !value.startsWith("-"));
  const offset = words[1]?.value === "set" ? 2 : 1;
  const [key, value] = [words[offset], words[offset + 1]];
  if (words[0]?.value !== "config" || !key || !value || !KEY.test(key.value) || !FALSE.test(value.value)) return;
  if (
    args.some(({ value: option }) => /^--(?:get|unset|list|remove)/.test(option)) ||
    isLoopback(KEY.exec(key.value)?.[1] ?? "")
  )
    return;
  report(
    { start: key.span.start, end: value.span.end },
    {
      message: "http.sslVerify is off: git checks no certificate any more, also in images built on this one",
      ...commandRemoval(dockerfile, program),
    },
  );
}
