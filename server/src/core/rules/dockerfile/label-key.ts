import { defineRule, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";
import { type Label, labelsOf } from "../labels.ts";

export default defineRule({
  id: "label-key",
  summary: "a label name that breaks Docker's naming rules",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3048"],
  why: `
Docker's guidelines for label names: lower-case letters, digits, dots and dashes; a letter first, a letter or digit last; no two
dots or dashes in a row; and \`com.docker.\`, \`io.docker.\` and \`org.dockerproject.\` belong to Docker. Names are compared letter by
letter, so a filter for \`description\` does not find \`Description\`. Underscores, which the guidelines leave out, are everywhere and
harmless, and let off. The labels Docker Desktop reads from extensions
(\`com.docker.extension.…\`, \`com.docker.desktop.extension.…\`) are meant to be set, and let off; hadolint reports them.`,
  fixSafety: `
Unsafe: whoever asks for the label by the old name does not find it any more. Offered where lower case alone makes the name right
and the instruction has no other label of that name.`,
  examples: [
    {
      bad: 'FROM alpine:3.22\nLABEL Description="a server"\n',
      fixed: 'FROM alpine:3.22\nLABEL description="a server"\n',
    },
    { good: 'FROM alpine:3.22\nLABEL org.opencontainers.image.title="a server"\n' },
  ],
  check({ dockerfile, report }) {
    for (const label of labelsOf(dockerfile)) {
      const { name, pair } = label;
      const fault = name === undefined ? undefined : faultOf(name);
      if (name === undefined || fault === undefined) continue;
      report(pair.key.span, {
        message: `Label ${name === "" ? "without a name" : name} ${fault}`,
        ...remedy(label, name),
      });
    }
  },
});

const RESERVED = /^(?:com\.docker|io\.docker|org\.dockerproject)\./;
/** Documented for authors of Docker Desktop extensions. */
const EXTENSION = /^com\.docker\.(?:desktop\.)?extension\./;

/** Goes on after "Label NAME". */
function faultOf(name: string): string | undefined {
  if (RESERVED.test(name) && !EXTENSION.test(name)) return "is in a namespace that is reserved for Docker";
  if (/[A-Z]/.test(name)) return "has upper-case letters, and names are compared letter by letter";
  const odd = /[^a-z0-9._-]/.exec(name)?.[0];
  if (odd !== undefined)
    return `has ${odd === " " ? "a blank" : odd} where only letters, digits, dots, dashes and underscores belong`;
  if (!/^[a-z]/.test(name)) return "does not begin with a letter";
  if (!/[a-z0-9]$/.test(name)) return "does not end with a letter or a digit";
  return /\.\.|--/.test(name) ? "has two separators in a row" : undefined;
}

function remedy(
  { pair, instruction }: Label,
  name: string,
): { fixes: [ReturnType<typeof unsafeFix>] } | { refusal: string } {
  const lower = name.toLowerCase();
  if (lower === name || faultOf(lower) !== undefined) return { refusal: "only a person can find a better name" };
  const { text, span } = pair.key;
  if (instruction.pairs.some(({ key }) => key !== pair.key && key.text.includes(lower)))
    return { refusal: `the instruction has ${lower} too` };
  return { fixes: [unsafeFix(`Rename the label to ${lower}`, replace(span, text.toLowerCase()))] };
}
