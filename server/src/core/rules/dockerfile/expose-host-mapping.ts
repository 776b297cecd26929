import { exposesOf, type PortSpec, portSpecs } from "../../model/dockerfile/ports.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { defineRule, type Fix, safeFix } from "../../rule.ts";
import { remove, type Span } from "../../text/edit.ts";

export default defineRule({
  id: "expose-host-mapping",
  summary: "EXPOSE with an address or a port of the host",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["buildkit:ExposeInvalidFormat", "dockerfilelint:expose_host_port"],
  why: `
\`EXPOSE\` says where the program in the image listens. It publishes nothing: which address and port of the host lead there is
decided by \`docker run -p\` or a compose file. BuildKit ignores the part in front of the last colon today, and a later version will
stop at it.`,
  fixSafety: "Safe: the image has the same exposed port before and after.",
  examples: [
    { bad: "FROM nginx:1.29\nEXPOSE 127.0.0.1:8080:80\n", fixed: "FROM nginx:1.29\nEXPOSE 80\n" },
    { good: "FROM nginx:1.29\nEXPOSE 80/tcp\n" },
  ],
  check({ dockerfile, report }) {
    for (const expose of exposesOf(dockerfile))
      for (const spec of portSpecs(dockerfile, expose)) {
        const { host, word, text, hidden } = spec;
        // `:80` has nothing in front of the colon.
        if (host === undefined || /^:*$/.test(host) || (hidden && !/\d/.test(host))) continue;
        const fix = fixFor(dockerfile, spec);
        report(word.span, {
          message: `EXPOSE ${text} publishes nothing: ${host} is for docker run -p`,
          ...(fix ? { fixes: [fix] } : { refusal: "a variable or a continuation stands in it" }),
        });
      }
  },
});

function fixFor({ text }: Dockerfile, { word, hidden }: PortSpec): Fix | undefined {
  const source = text.slice(word.span.start, word.span.end);
  const colon = source.lastIndexOf(":");
  if (hidden || colon === -1 || /[$\\`\n]/.test(source)) return undefined;
  const span: Span = { start: word.span.start + (/^["']/.test(source) ? 1 : 0), end: word.span.start + colon + 1 };
  return safeFix(`Keep ${source.slice(colon + 1).replace(/["']$/, "")}`, remove(span));
}
