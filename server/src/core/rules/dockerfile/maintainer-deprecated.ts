import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { quotedLiteral, type ValueEdit } from "../../model/dockerfile/quoting.ts";
import { defineRule, safeFix } from "../../rule.ts";
import { type Edit, replace } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

const LABEL = "org.opencontainers.image.authors";

export default defineRule({
  id: "maintainer-deprecated",
  summary: "MAINTAINER instead of a label",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL4000",
    "buildkit:MaintainerDeprecated",
    "trivy:DS-0022",
    "kics:MAINTAINER Instruction Being Used",
    "checkov:CKV_DOCKER_6",
    "dockerfilelint:deprecated_in_1.13",
    "dockerfile-utils:DEPRECATED_MAINTAINER",
  ],
  why: `
\`MAINTAINER\` sets a field that only \`docker inspect\` shows, and has been deprecated since Docker 1.13. Registries and scanners
read the label \`${LABEL}\`, and further labels say where the source and the documentation are.`,
  fixSafety: `
Safe: the same name stands in the label that took its place. Quotes around the whole name, which MAINTAINER kept as a part of it,
become the label's.`,
  examples: [
    {
      bad: "FROM alpine:3.22\nMAINTAINER Ada <ada@example.org>\n",
      fixed: `FROM alpine:3.22\nLABEL ${LABEL}="Ada <ada@example.org>"\n`,
    },
    { good: `FROM alpine:3.22\nLABEL ${LABEL}="Ada <ada@example.org>"\n` },
  ],
  check({ dockerfile, report }) {
    for (const instruction of allNamed(dockerfile, "MAINTAINER")) {
      report(instruction.keyword.span, {
        message: `MAINTAINER is deprecated: the label ${LABEL} names the author`,
        ...(instruction.args.text === ""
          ? { refusal: "there is no name to put in a label" }
          : { fixes: [safeFix("Replace MAINTAINER with a label", ...toLabel(dockerfile, instruction))] }),
      });
    }
  },
});

function toLabel({ escape }: Dockerfile, { keyword, body }: Instruction): Edit[] {
  const label = keyword.text === keyword.text.toLowerCase() ? "label" : "LABEL";
  const [first, ...others] = valueEdits(body.text, escape);
  const opening = first?.start === 0 ? first : undefined;
  const rest = opening || !first ? others : [first, ...others];
  return [
    replace(keyword.span, label),
    replace(body.span(0, opening?.end ?? 0), `${LABEL}=${opening?.text ?? ""}`),
    ...rest.map(({ start, end, text }) => replace(body.span(start, end), text)),
  ];
}

function valueEdits(text: string, escape: string): readonly ValueEdit[] {
  const inner = text.slice(1, -1);
  if (/^'[^']*'$/.test(text)) return [];
  if (!/^"[^"]*"$/.test(text)) return quotedLiteral(text, escape);
  return quotedLiteral(inner, escape)
    .filter(({ start, text: added }) => added !== '"' || (start !== 0 && start !== inner.length))
    .map((edit) => ({ ...edit, start: edit.start + 1, end: edit.end + 1 }));
}
