import { type Program, programsCalled } from "../../model/dockerfile/programs.ts";
import type { ShellWord } from "../../model/dockerfile/shell.ts";
import { type Context, defineRule } from "../../rule.ts";
import { commandRemoval, lineRemoval, settingRemoval, settingsOf, wordRemoval, writtenLines } from "../verification.ts";

/** npm reads `npm_config_…` in either case, yarn reads those and its own. */
const VARIABLES = [
  "NPM_CONFIG_STRICT_SSL",
  "npm_config_strict_ssl",
  "YARN_STRICT_SSL",
  "yarn_strict_ssl",
  "YARN_ENABLE_STRICT_SSL",
];
const MANAGERS = ["npm", "yarn", "pnpm"] as const;
/** What nopt, npm's reader of options, takes for false. */
const OFF = /^(?:false|null|0)$/;

export default defineRule({
  id: "tls-npm",
  summary: "npm, yarn or pnpm with strict-ssl off",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["checkov:CKV2_DOCKER_12", "checkov:CKV2_DOCKER_13"],
  why: `
Without \`strict-ssl\` the registry's certificate is not checked: anyone on the way can hand over another package, whose install
scripts run at once. The setting stays in the image's configuration for everyone who builds on it. A company's own registry needs
its certificate authority instead: \`cafile\`, or \`NODE_EXTRA_CA_CERTS\`. Variables, \`config set\`, options and lines of an
\`.npmrc\` or \`.yarnrc\` are looked at.`,
  fixSafety: "Unsafe: a registry whose certificate is not trusted makes the build fail then.",
  examples: [
    {
      bad: "FROM node:24\nRUN npm config set strict-ssl false && npm ci\n",
      fixed: "FROM node:24\nRUN npm ci\n",
    },
    {
      bad: "FROM node:24\nENV NPM_CONFIG_STRICT_SSL=false\n",
      fixed: "FROM node:24\n",
    },
    { good: "FROM node:24\nRUN npm config set cafile /etc/ssl/company.pem && npm ci\n" },
  ],
  check(context) {
    const { dockerfile, report } = context;
    for (const setting of settingsOf(dockerfile, ...VARIABLES))
      if (setting.value !== undefined && OFF.test(setting.value))
        report(setting.span, {
          message: `${setting.name} is off: the registry's certificate is not checked`,
          ...settingRemoval(setting),
        });
    if (!/strict-?ssl/i.test(dockerfile.text)) return;
    for (const name of MANAGERS)
      for (const program of programsCalled(dockerfile, name)) reportCall(context, name, program);
    for (const line of writtenLines(
      dockerfile,
      /strict-?ssl/i,
      /(?:^|\\n|\n)\s*(?:strict-ssl\s*=\s*(?:false|null|0)|"?strict-ssl"? false|enableStrictSsl:\s*false)\s*(?:$|\\n|\n)/,
    ))
      report(line.span, {
        message: "strict-ssl is off: the registry's certificate is not checked",
        ...lineRemoval(line),
      });
  },
});

function reportCall({ dockerfile, report }: Context, name: string, program: Program): void {
  const { args } = program.command;
  const option = args.find(({ value }) => /^--no-strict-ssl(?:=true)?$|^--strict-ssl=(?:false|null|0)$/.test(value));
  if (option) {
    report(option.span, {
      message: `${name} does not check the registry's certificate`,
      ...wordRemoval(dockerfile, program, option),
    });
    return;
  }
  const flag = args.findIndex(({ value }) => value === "--strict-ssl");
  const [first, last] = [args[flag], args[flag + 1]];
  if (flag !== -1 && first && last && OFF.test(last.value)) {
    report(
      { start: first.span.start, end: last.span.end },
      {
        message: `${name} does not check the registry's certificate`,
        ...wordRemoval(dockerfile, program, first, last),
      },
    );
    return;
  }
  const set = switchedOff(args);
  if (!set) return;
  const pairs = args.filter(({ value }) => value.includes("=") && !value.startsWith("-")).length;
  const several = pairs > 1;
  report(
    { start: program.command.span.start, end: set.span.end },
    {
      message: `${name} does not check the registry's certificate any more, also in images built on this one`,
      ...(several ? wordRemoval(dockerfile, program, set) : commandRemoval(dockerfile, program)),
    },
  );
}

/** The last word of `config set strict-ssl false`, `set strict-ssl=false`, `config set enableStrictSsl false`. */
function switchedOff(args: readonly ShellWord[]): ShellWord | undefined {
  const words = args.filter(({ value }) => !value.startsWith("-"));
  const verb = words.findIndex(({ value }) => value === "set");
  if (verb === -1 || verb > 1 || (verb === 1 && !/^c(?:onfig)?$/.test(words[0]?.value ?? ""))) return undefined;
  const rest = words.slice(verb + 1);
  const joined = rest.find(({ value }) => /^(?:strict-ssl|enableStrictSsl)=(?:false|null|0)$/.test(value));
  if (joined) return joined;
  const [key, value] = rest;
  return key && value && /^(?:strict-ssl|enableStrictSsl)$/.test(key.value) && OFF.test(value.value)
    ? value
    : undefined;
}
