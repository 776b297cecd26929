import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { exposesOf, type PortSpec, portSpecs } from "../../model/dockerfile/ports.ts";
import { defineRule, safeFix } from "../../rule.ts";
import { replace, type Span } from "../../text/edit.ts";

export default defineRule({
  id: "expose-proto-case",
  summary: "EXPOSE with a protocol in upper case, or one that is none",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["buildkit:ExposeProtoCasing", "dockerfile-utils:INVALID_PROTO"],
  why: `
Images name ports as \`80/tcp\`, in lower case. BuildKit lower-cases what it is given and warns; other builders keep it, and a tool
that looks for \`80/tcp\` then finds nothing. A protocol other than tcp, udp and sctp stops the build; older builders let a second
slash pass, today's does not.`,
  fixSafety: "Safe: BuildKit writes the lower-case name into the image anyway.",
  examples: [
    { bad: "FROM nginx:1.29\nEXPOSE 80/TCP\n", fixed: "FROM nginx:1.29\nEXPOSE 80/tcp\n" },
    { bad: "FROM nginx:1.29\nEXPOSE 80/http\n" },
    { good: "FROM nginx:1.29\nEXPOSE 80/tcp 53/udp 132/sctp\n" },
  ],
  check({ dockerfile, report }) {
    for (const expose of exposesOf(dockerfile))
      for (const spec of portSpecs(dockerfile, expose)) {
        const { protocol, hidden } = spec;
        if (protocol === undefined || protocol === "" || (hidden && protocol.includes("$"))) continue;
        const lower = protocol.toLowerCase();
        const span = spanOf(dockerfile, spec);
        if (!/^(?:tcp|udp|sctp)$/.test(lower))
          report(span ?? spec.word.span, {
            severity: "error",
            message: `${protocol} is no protocol EXPOSE knows: tcp, udp or sctp`,
          });
        else if (lower !== protocol)
          report(span ?? spec.word.span, {
            message: `The protocol ${protocol} is written ${lower}`,
            ...(span
              ? { fixes: [safeFix(`Write ${lower}`, replace(span, lower))] }
              : { refusal: "a variable or a continuation stands in it" }),
          });
      }
  },
});

/** Of the protocol, where it stands in the source as it is. */
function spanOf({ text }: Dockerfile, { word, protocol = "" }: PortSpec): Span | undefined {
  const at = text.slice(word.span.start, word.span.end).indexOf(`/${protocol}`);
  if (at === -1) return undefined;
  const start = word.span.start + at + 1;
  return { start, end: start + protocol.length };
}
