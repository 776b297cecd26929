import { leavesTraces } from "../../model/dockerfile/before.ts";
import { type ContextSource, contextSources, isExcluded } from "../../model/dockerfile/copies.ts";
import { isForTests, type SecretFile, secretFileNamed } from "../../model/secret-files.ts";
import { type Context, defineRule, known, type Report } from "../../rule.ts";
import { buildContextOf } from "../../assists/build-context.ts";
import { folderSources, isBuiltHere, isCopied, reason } from "../build-context.ts";
import { ignoreRemedyFor } from "../ignore-facts.ts";

/** Of one copy: reading more tells no more. */
const MAX_LOOKED_AT = 8;

export default defineRule({
  id: "secret-file-copied",
  summary: "a file with secrets is copied into the image",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: [],
  why: `
Whoever can pull the image can read every file in every layer, also one that a later \`RUN rm\` deletes. Keys, tokens and
passwords that the build needs come with \`RUN --mount=type=secret\`, those that the program needs come when it is started. Looked at
are sources by name and, for folders, the files that are there and that \`.dockerignore\` lets through. Where the content decides (a
\`.pem\` may be a certificate, an \`.env\` may hold public settings, an \`.npmrc\` a variable in place of the token), it is
read; where it cannot be, the rule is silent, or shows a copied \`.env\` in the \`strict\` profile. Templates (\`.env.example\`), public keys, certificates, and files of tests are let off. A stage
that is not shipped keeps the file in the build cache only: shown in the \`strict\` profile.`,
  fixSafety: `
For a file that a copied folder brings along, the fix writes \`.dockerignore\`, or adds the file to it or to the Dockerfile's own
\`NAME.dockerignore\`, after trying it against what every Dockerfile of the folder names. It is unsafe: the program may have read
the file from the image, and has to be given it in another way then. What an instruction names itself is left as it is.`,
  examples: [
    { bad: "FROM node:22\nCOPY id_rsa /root/.ssh/id_rsa\n" },
    {
      bad: "FROM node:22\nWORKDIR /app\nCOPY . .\n",
      answers: { "list:": ".env\nDockerfile\npackage.json", "read:.env": "PORT=3000\nDB_PASSWORD=Tr0ub4dor\n" },
    },
    { good: "FROM node:22\nCOPY .env.example id_rsa.pub /app/\n" },
    { good: "FROM node:22\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci\n" },
  ],
  check(context) {
    byName(context);
    byListing(context);
  },
});

function byName(context: Context): void {
  for (const source of contextSources(context.dockerfile)) {
    const file = source.path === "." ? undefined : secretFileNamed(source.path);
    if (!file || isForTests(source.path) || isExcluded(source, source.path)) continue;
    const sure = certainty(context, source.path, file, source.pattern);
    if (sure === "no") continue;
    context.report(source.word.span, {
      message: `${source.path} ${sure === "maybe" ? "may hold" : "holds"} ${file.what}, and everybody who can pull the image can read it`,
      ...(sure === "maybe" ? WEAK : weight(context, source)),
    });
  }
}

/** The file is read where its content decides, unless the source is a pattern. */
function certainty(
  { lookup }: Pick<Context, "lookup">,
  path: string,
  { isSecret, name }: SecretFile,
  pattern: boolean,
): "yes" | "maybe" | "no" {
  if (!isSecret) return "yes";
  const text = pattern ? undefined : known(lookup({ ask: "read", path }));
  if (text !== undefined) return isSecret(text) ? "yes" : "no";
  return name === "decides" ? "yes" : name === "suggests" ? "maybe" : "no";
}

function byListing(context: Context): void {
  const { dockerfile, report } = context;
  const sources = folderSources(dockerfile).filter(({ path }) => !secretFileNamed(path));
  if (sources.length === 0) return;
  const here = buildContextOf(context);
  if (!here || !isBuiltHere(dockerfile, here)) return;
  const secret = here.paths.filter((path) => !path.endsWith("/") && !isForTests(path) && secretFileNamed(path));
  for (const source of secret.length > 0 ? sources : []) {
    const found = secret
      .filter((path) => isCopied(here, source, path))
      .slice(0, MAX_LOOKED_AT)
      .flatMap((path) => {
        const file = secretFileNamed(path);
        return file && certainty(context, path, file, false) === "yes" ? [{ path, file }] : [];
      });
    const [first] = found;
    if (!first) continue;
    const others = found.length > 1 ? ` and ${found.length - 1} more like it` : "";
    report(source.word.span, {
      message: `${source.instruction.name} takes ${first.path} (${first.file.what})${others} along: ${reason(here)}`,
      ...weight(context, source),
      remedy: ignoreRemedyFor(
        context,
        here,
        found.map(({ path }) => path),
      ),
    });
  }
}

const WEAK: Pick<Report, "profile" | "severity"> = { profile: "strict", severity: "info" };

const weight = ({ dockerfile }: Pick<Context, "dockerfile">, { instruction }: ContextSource): typeof WEAK =>
  leavesTraces(dockerfile, instruction) ? {} : WEAK;
