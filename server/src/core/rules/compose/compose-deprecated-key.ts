import { fieldOf, fieldsOf, textOf } from "../../model/compose/fields.ts";
import type { ComposeFile, Field } from "../../model/compose/model.ts";
import { defineComposeRule, type Remedy, safeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";

export default defineComposeRule({
  id: "compose-deprecated-key",
  summary: "a key that the compose specification has given up",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
\`external: {name: …}\` is the form of compose files of version 2 and 3: compose warns about it at every start, and takes
it for \`external: true\` with \`name\` beside it. \`links\` is from the time before networks: services of one network reach
one another by their names, and what a link does beyond that, an order to start in and a second name, \`depends_on\` and
\`aliases\` do. Compose does not warn about links; they are reported in the profile \`strict\`.

The obsolete \`version\` at the top of a file has a rule of its own, \`compose-version-key\`.`,
  fixSafety: "Safe: it is what compose itself makes of the old form.",
  examples: [
    {
      bad: "services: {}\nnetworks:\n  front:\n    external:\n      name: shared\n",
      fixed: "services: {}\nnetworks:\n  front:\n    external: true\n    name: shared\n",
    },
    { good: "services: {}\nnetworks:\n  front:\n    external: true\n    name: shared\n" },
  ],
  check({ compose, report }) {
    for (const section of ["networks", "volumes", "secrets", "configs"])
      for (const element of fieldsOf(fieldOf(compose.root, section)?.value)) {
        const external = fieldOf(element.value, "external");
        const name = fieldOf(external?.value, "name");
        if (!external || !name || element.via) continue;
        const message = `external.name of ${element.key} is deprecated: compose wants external: true and name`;
        // Beside a name, compose refuses it: which of the two holds?
        const severity = fieldOf(element.value, "name") ? "error" : "warning";
        const span = name.via ? element.keySpan : name.keySpan;
        report(span, { message, severity, ...remedyFor(compose, element, external, name) });
      }
    for (const service of compose.services) {
      const links = fieldOf(service.map, "links");
      if (!links || links.via || service.via) continue;
      const message = `links of ${service.name} is a leftover: on a network services reach one another by name`;
      report(links.keySpan, { message, severity: "hint", profile: "strict" });
    }
  },
});

function remedyFor({ text, eol }: ComposeFile, element: Field, external: Field, name: Field): Remedy {
  if (name.via || textOf(name.value) === undefined) return { refusal: "it comes from elsewhere in the file" };
  if (fieldOf(element.value, "name"))
    return { refusal: "there is a name already, which compose refuses beside this one" };
  if (fieldsOf(external.value).length > 1) return { refusal: "there is more than the name in it" };
  const { keySpan, value } = external;
  const span = { start: keySpan.start, end: Math.max(value.span.end, name.value.span.end) };
  if (/(?:^|\s)#/.test(text.slice(span.start, span.end))) return { refusal: "a comment would be lost" };
  const written = text.slice(name.value.span.start, name.value.span.end);
  const isFlow = element.value.kind === "map" && element.value.flow;
  const indent = text.slice(text.lastIndexOf("\n", span.start - 1) + 1, span.start);
  if (!isFlow && !/^ *$/.test(indent)) return { refusal: "something stands before it on its line" };
  const between = isFlow ? ", " : `${eol}${indent}`;
  return {
    fixes: [
      safeFix(
        "Write external: true and name",
        replace({ start: span.start, end: trimmed(text, span) }, `external: true${between}name: ${written}`),
      ),
    ],
  };
}

/** The end of what is written, without the line break that a block ends with. */
const trimmed = (text: string, { start, end }: { readonly start: number; readonly end: number }): number =>
  start + text.slice(start, end).trimEnd().length;
