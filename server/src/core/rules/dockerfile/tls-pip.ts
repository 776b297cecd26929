import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { packageCalls, type PackageCall } from "../../model/dockerfile/packages.ts";
import { programsCalled } from "../../model/dockerfile/programs.ts";
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
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "tls-pip",
  summary: "pip or uv trusts a host without checking it",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["checkov:CKV2_DOCKER_4", "checkov:CKV2_DOCKER_16"],
  why: `
A trusted host is one whose certificate pip does not check, or that it may ask without TLS at all: anyone on the way can hand it
another package, and the code of a package runs while it is installed. A company's own index needs its certificate authority
instead (\`PIP_CERT\`, \`--cert\`, the trust store). \`--trusted-host\`, \`PIP_TRUSTED_HOST\`, \`pip config\`, lines of a \`pip.conf\` and
uv's \`--allow-insecure-host\` and \`UV_INSECURE_HOST\` are reported; the machine itself as host is not.`,
  fixSafety: "Unsafe: a host without a trusted certificate makes the build fail then.",
  examples: [
    {
      bad: "FROM python:3.14\nRUN pip install --trusted-host pypi.example.org flask==3.1.2\n",
      fixed: "FROM python:3.14\nRUN pip install flask==3.1.2\n",
    },
    {
      bad: "FROM python:3.14\nENV PIP_TRUSTED_HOST=pypi.org LANG=C.UTF-8\n",
      fixed: "FROM python:3.14\nENV LANG=C.UTF-8\n",
    },
    { good: "FROM python:3.14\nENV PIP_CERT=/etc/ssl/certs/company.pem\nRUN pip install flask==3.1.2\n" },
  ],
  check(context) {
    const { dockerfile, report } = context;
    for (const setting of settingsOf(dockerfile, "PIP_TRUSTED_HOST", "UV_INSECURE_HOST")) {
      if (
        setting.value === undefined ||
        setting.value
          .trim()
          .split(/\s+/)
          .every((host) => host === "" || isLoopback(host))
      )
        continue;
      report(setting.span, { message: message(setting.value), ...settingRemoval(setting) });
    }
    if (!/trusted[-_]host|insecure-host/.test(dockerfile.text)) return;
    for (const instruction of allNamed(dockerfile, "RUN")) reportPip(context, instruction);
    reportUv(context, dockerfile);
    for (const line of writtenLines(dockerfile, /trusted-host/, /(?:^|\\n|\n)\s*(?:--)?trusted-host\s*[= ]/)) {
      if (isLoopback(line.text.replace(/^.*trusted-host\s*=?\s*/s, ""))) continue;
      report(line.span, {
        message: "trusted-host: pip takes packages from it without checking who it is",
        ...lineRemoval(line),
      });
    }
  },
});

const message = (host: string): string => `Packages are taken from ${host} without checking who it is`;

function reportPip({ dockerfile, report }: Context, instruction: Instruction): void {
  for (const call of packageCalls(dockerfile, instruction)) {
    if (call.manager !== "pip") continue;
    for (const { name, value, word } of call.options) {
      if (!/^--tr(?:u(?:s(?:t(?:ed?)?)?)?)?$|^--trusted-h/.test(name) || value === undefined || isLoopback(value))
        continue;
      const first = word.value.startsWith("--") ? word : call.command.args[call.command.args.indexOf(word) - 1];
      if (!first) continue;
      report(
        { start: first.span.start, end: word.span.end },
        { message: message(value), ...wordRemoval(dockerfile, call, first, word) },
      );
    }
    reportConfig(dockerfile, report, call);
  }
}

/** `pip config set global.trusted-host …` */
function reportConfig(dockerfile: Dockerfile, report: Context["report"], call: PackageCall): void {
  const [verb, key, value] = call.operands;
  if (
    call.action.value !== "config" ||
    verb?.value !== "set" ||
    !value ||
    key?.value.endsWith(".trusted-host") !== true
  )
    return;
  if (isLoopback(value.value)) return;
  const span = { start: call.action.span.start, end: value.span.end };
  report(span, { message: message(value.value), ...commandRemoval(dockerfile, call) });
}

function reportUv({ report }: Context, dockerfile: Dockerfile): void {
  for (const program of programsCalled(dockerfile, "uv")) {
    const { args } = program.command;
    for (const [at, word] of args.entries()) {
      const [, equals] = /^--(?:allow-insecure-host|trusted-host)(=)?/.exec(word.value) ?? [];
      if (!/^--(?:allow-insecure-host|trusted-host)(?:=|$)/.test(word.value)) continue;
      const last = equals ? word : (args[at + 1] ?? word);
      const host = last.value.replace(/^--[\w-]+=/, "");
      if (isLoopback(host)) continue;
      report(
        { start: word.span.start, end: last.span.end },
        { message: message(host), ...wordRemoval(dockerfile, program, word, last) },
      );
    }
  }
}
