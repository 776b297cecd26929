import { parseImageRef } from "../../model/image-ref.ts";
import type { Dockerfile, Instruction, Pair, Stage } from "../../model/dockerfile/model.ts";
import { namesIn } from "../../model/dockerfile/environment.ts";
import { PLATFORM_ARGS } from "../../model/dockerfile/scope.ts";
import { expand, hasVariable } from "../../model/dockerfile/variables.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule, type Fix, type Related, unsafeFix } from "../../rule.ts";
import { insert, replace } from "../../text/edit.ts";
import { composeBuilds } from "../composed.ts";
import { globalArgs } from "../variable-uses.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "from-arg-no-default",
  summary: "FROM names no image unless a build argument is given",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["buildkit:InvalidDefaultArgInFrom", "dockerfile-utils:BASE_NAME_EMPTY"],
  why: `
With the defaults of its \`ARG\`s alone, the line names nothing, or something that cannot be an image: \`node:\` for \`node:$VERSION\`.
A plain \`docker build\` stops there, and so do editors and scanners that do not know the arguments. Where it is on purpose, that
whoever builds has to choose, \`\${VERSION:?missing}\` says so in the error. Not reported where every service that builds the file, in
compose files nearby, gives the argument.`,
  fixSafety: `
Unsafe: a default is a choice. Offered is \`latest\` for a tag that is missing, which is what no tag means.`,
  examples: [
    { bad: "ARG TAG\nFROM alpine:$TAG\n", fixed: "ARG TAG=latest\nFROM alpine:$TAG\n" },
    { bad: "ARG BASE\nFROM $BASE\n" },
    { good: "ARG TAG=3.22\nARG SUFFIX\nFROM alpine:$TAG$SUFFIX\n" },
  ],
  check({ dockerfile, report, lookup }) {
    const defaults = defaultsOf(dockerfile);
    for (const stage of dockerfile.stages) {
      const { image, from } = stage;
      if (!image || !hasVariable(image.text)) continue;
      const { text, known } = expand(image.text, (name) => defaults.get(name), dockerfile.escape);
      const reference = unquote(text, dockerfile.escape);
      // What is not known here is a name of the platform, or an error that `:?` asks for.
      if (!known || parseImageRef(reference).ok) continue;
      if (
        namesIn(image.text, dockerfile.escape).some(
          (name) => !globalArgs(dockerfile).has(name) && !PLATFORM_ARGS.has(name),
        )
      )
        continue;
      // Whoever builds it here gives what is missing.
      const builds = composeBuilds({ dockerfile, lookup });
      const missing = emptyIn(dockerfile, image.text, defaults);
      if (!builds || (builds.length > 0 && builds.every(({ args }) => missing.every((name) => args.includes(name)))))
        continue;
      report(from.body.span(0, image.text.length), {
        message:
          reference === ""
            ? `Without build arguments FROM ${image.text} names no image`
            : `Without build arguments the image is ${reference}, which cannot be one`,
        ...remedy(dockerfile, stage, defaults, reference),
      });
    }
  },
});

/** Global ARGs with their defaults put in; the platform's are stand-ins for what the build knows. */
function defaultsOf(dockerfile: Dockerfile): ReadonlyMap<string, string> {
  const values = new Map([...PLATFORM_ARGS].map((name) => [name, STAND_INS[name] ?? ""]));
  for (const arg of allNamed(dockerfile, "ARG")) {
    if (arg.triggered || arg.stage !== -1) continue;
    for (const { key, value } of arg.pairs) {
      if (!value) continue;
      const { text, known } = expand(value.text, (name) => values.get(name), dockerfile.escape);
      if (known) values.set(unquote(key.text, dockerfile.escape), unquote(text, dockerfile.escape));
    }
  }
  return values;
}

/** On Linux for amd64; the rest is empty there. */
const STAND_INS: Readonly<Record<string, string>> = {
  TARGETPLATFORM: "linux/amd64",
  TARGETOS: "linux",
  TARGETARCH: "amd64",
  TARGETSTAGE: "default",
  BUILDPLATFORM: "linux/amd64",
  BUILDOS: "linux",
  BUILDARCH: "amd64",
};

/** The names in a text that have no default. */
const emptyIn = (dockerfile: Dockerfile, text: string, defaults: ReadonlyMap<string, string>): readonly string[] =>
  namesIn(text, dockerfile.escape).filter((name) => (defaults.get(name) ?? "") === "" && !PLATFORM_ARGS.has(name));

function remedy(
  dockerfile: Dockerfile,
  { image }: Stage,
  defaults: ReadonlyMap<string, string>,
  reference: string,
): { fixes?: readonly Fix[]; refusal?: string; related?: readonly Related[] } {
  const empty = emptyIn(dockerfile, image?.text ?? "", defaults);
  const [name] = empty;
  const arg = name === undefined ? undefined : globalArgs(dockerfile).get(name);
  const pair = arg?.pairs.findLast(({ key }) => unquote(key.text, dockerfile.escape) === name);
  if (!arg || !pair) return { refusal: "a default that makes it an image has to be chosen" };
  const related = [{ span: arg.head, message: "the ARG without a default" }];
  const fix = empty.length === 1 ? tagFix(image?.text ?? "", reference, arg, pair) : undefined;
  return { related, ...(fix ? { fixes: [fix] } : { refusal: `a default for ${name} has to be chosen` }) };
}

/** `latest` where a whole tag is missing. */
function tagFix(written: string, reference: string, arg: Instruction, { key, value }: Pair): Fix | undefined {
  if (!reference.endsWith(":") || !/:(?:\$\w+|\$\{\w+\})"?$/.test(written)) return undefined;
  if (!parseImageRef(`${reference}latest`).ok) return undefined;
  const title = "Give it the default latest";
  if (!value) return unsafeFix(title, insert(key.span.end, "=latest"));
  return arg.open ? undefined : unsafeFix(title, replace(value.span, "latest"));
}
