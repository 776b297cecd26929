import { leavesTraces, resolvePath, workdirAt } from "../../model/dockerfile/before.ts";
import type { Dockerfile, Instruction, Pair } from "../../model/dockerfile/model.ts";
import { isWithin, mountsOf } from "../../model/dockerfile/mounts.ts";
import { programsCalled } from "../../model/dockerfile/programs.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { finalStage, lineageInstructions } from "../../model/dockerfile/stages.ts";
import type { ShellCommand } from "../../model/dockerfile/shell.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { type Context, defineRule } from "../../rule.ts";
import { allNamedEither } from "../../model/dockerfile/named.ts";

/** Variables that name a file with credentials, as their programs document them. */
const FILE_VARIABLES: ReadonlySet<string> = new Set([
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "GOOGLE_APPLICATION_CREDENTIALS",
  "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE",
  "HF_TOKEN_PATH",
]);

/** Programs that store credentials in the home folder, and the words that make them do so. */
const LOGINS: readonly { readonly program: string; readonly words: RegExp; readonly harmless?: RegExp }[] = [
  {
    program: "aws",
    words: /^configure (?:set (?:\S+\.)?aws_(?:access_key_id|secret_access_key|session_token)|import)\b/,
  },
  { program: "gcloud", words: /^auth (?:activate-service-account|login)\b/ },
  { program: "az", words: /^login\b/, harmless: /(?:^|\s)(?:-i|--identity|--help|-h)(?:\s|$)/ },
  { program: "docker", words: /^login\b/ },
  { program: "podman", words: /^login\b/ },
  { program: "skopeo", words: /^login\b/ },
  { program: "helm", words: /^registry login\b/ },
  { program: "gh", words: /^auth login\b/ },
  { program: "doctl", words: /^auth init\b/ },
  { program: "huggingface-cli", words: /^login\b/ },
  { program: "hf", words: /^auth login\b/ },
];

export default defineRule({
  id: "secret-file-or-login",
  summary: "a credential file or a login in the image",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["trivy:DS-0031"],
  why: `
A file of credentials that is copied in can be read by whoever can pull the image, and a login in a RUN leaves one behind in the
home folder: \`~/.aws/credentials\`, \`~/.docker/config.json\`. During the build a secret mount gives the file to one RUN; for the
running container it is mounted when that starts. Reported are a variable that names such a file (\`GOOGLE_APPLICATION_CREDENTIALS\`,
\`AWS_CONFIG_FILE\`, …) below a folder that COPY or ADD fills, a COPY to such a variable, and logins in a RUN without a secret mount. A file that is known not to be in the
build context, \`az login --identity\`, and stages that do not end up in the image are left alone. Names of variables that hold a secret
themselves are the matter of secret-in-arg-env.`,
  examples: [
    { bad: "FROM python:3.14\nWORKDIR /app\nCOPY . .\nENV GOOGLE_APPLICATION_CREDENTIALS=/app/service-account.json\n" },
    { bad: 'FROM amazon/aws-cli:2.31.0\nARG ID\nRUN aws configure set aws_access_key_id "$ID"\n' },
    { good: "FROM python:3.14\nCOPY . /app\nENV GOOGLE_APPLICATION_CREDENTIALS=/run/secrets/google\n" },
    {
      good: "FROM amazon/aws-cli:2.31.0\nRUN --mount=type=secret,id=aws,target=/root/.aws/credentials aws s3 cp s3://bucket/a /a\n",
    },
  ],
  check(context) {
    for (const instruction of allNamedEither(context.dockerfile, "ENV", "ARG"))
      for (const pair of instruction.pairs) reportVariable(context, instruction, pair);
    for (const instruction of allNamedEither(context.dockerfile, "COPY", "ADD")) reportTarget(context, instruction);
    for (const login of LOGINS) reportLogins(context, login);
  },
});

function reportVariable({ dockerfile, report, lookup }: Context, instruction: Instruction, pair: Pair): void {
  const name = unquote(pair.key.text, dockerfile.escape);
  if (!FILE_VARIABLES.has(name) || !pair.value || !leavesTraces(dockerfile, instruction)) return;
  const { text, known } = expandIn(dockerfile, instruction, pair.value.text);
  const value = unquote(text, dockerfile.escape);
  if (!known || value === "") return;
  const path = absolute(dockerfile, instruction, value);
  const copy = copiesOf(dockerfile, instruction)
    // A COPY to the variable itself is reported there.
    .filter(({ words }) => !words.at(-1)?.text.includes(name))
    .find((each) => isWithin(path, targetOf(dockerfile, each)));
  if (!copy) return;
  const source = copy.words[0]?.text ?? "";
  // A folder's content lands below the target: the file is looked for where it would come from.
  const rest = path.slice(targetOf(dockerfile, copy).length).replace(/^\//, "");
  const inContext = resolvePath("/", `${source}/${rest}`)?.slice(1) ?? "";
  if (
    copy.words.length === 2 &&
    rest !== "" &&
    !/[*?$]/.test(source) &&
    lookup({ ask: "exists", path: inContext }) === "no"
  )
    return;
  report(pair.span, {
    message: `${name} names a file that ${copy.name} puts into the image: whoever can pull it can read the credentials`,
    related: [{ span: copy.keyword.span, message: "copied here" }],
  });
}

/** What copies files of the build context into the same image. */
const copiesOf = (dockerfile: Dockerfile, { stage }: Instruction): readonly Instruction[] => {
  const own = dockerfile.stages[stage];
  const all = own ? lineageInstructions(dockerfile, own) : dockerfile.instructions;
  return all.filter(
    ({ name, flags, words, heredocs }) =>
      (name === "COPY" || name === "ADD") &&
      heredocs.length === 0 &&
      words.length > 1 &&
      !flags.some((flag) => flag.name === "--from"),
  );
};

function targetOf(dockerfile: Dockerfile, copy: Instruction): string {
  const written = copy.words.at(-1)?.text ?? "";
  const { text, known } = expandIn(dockerfile, copy, written);
  return known ? absolute(dockerfile, copy, unquote(text, dockerfile.escape)) : "\0";
}

/** Against the working folder, `/` where the base decides it. */
const absolute = (dockerfile: Dockerfile, instruction: Instruction, path: string): string =>
  resolvePath(workdirAt(dockerfile, instruction) ?? "/", path) ?? path;

/** `COPY key.json $GOOGLE_APPLICATION_CREDENTIALS` */
function reportTarget({ dockerfile, report }: Context, copy: Instruction): void {
  const target = copy.words.length > 1 ? copy.words.at(-1) : undefined;
  const name = /^["']?\$\{?(\w+)\}?["']?$/.exec(target?.text ?? "")?.[1];
  if (!target || name === undefined || !FILE_VARIABLES.has(name) || !leavesTraces(dockerfile, copy)) return;
  if (copy.flags.some((flag) => flag.name === "--from")) return;
  report(target.span, {
    message: `${copy.name} puts a file of credentials into the image: whoever can pull it can read them`,
  });
}

function reportLogins({ dockerfile, report }: Context, { program, words, harmless }: (typeof LOGINS)[number]): void {
  for (const { command, instruction } of programsCalled(dockerfile, program)) {
    const said = saidTo(command);
    if (!words.test(said) || harmless?.test(said)) continue;
    const mounted = mountsOf(dockerfile, instruction).some(({ type }) => type === "secret");
    if (mounted || !(finalStage(dockerfile) === undefined || leavesTraces(dockerfile, instruction))) continue;
    report((command.nameWord ?? command).span, {
      message: `${program} ${words.exec(said)?.[0] ?? ""} leaves credentials in the image: give them to the RUN with --mount=type=secret`,
    });
  }
}

/** The words in a row, without the options that come before them. */
const saidTo = ({ args }: ShellCommand): string => {
  const from = args.findIndex(
    ({ value }, at) =>
      !value.startsWith("-") && !/^--(?:profile|region|project|config|subscription)$/.test(args[at - 1]?.value ?? ""),
  );
  return args
    .slice(Math.max(0, from))
    .map(({ value }) => value)
    .join(" ");
};
