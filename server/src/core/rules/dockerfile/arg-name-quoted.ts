import { lexerFault } from "../../model/dockerfile/lexer.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "arg-name-quoted",
  summary: "ARG with quotes around its name",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: [],
  why: `
ENV and LABEL take quotes off the names they set; ARG does not. After \`ARG "VERSION"=1\` there is a variable whose name begins and
ends with a quote: \`$VERSION\` is empty, and \`--build-arg VERSION=2\` is not for it. The build says nothing.`,
  fixSafety: "Unsafe: the variable gets its value at last, and what is built with it changes.",
  examples: [
    {
      bad: 'FROM alpine:3.22\nARG "VERSION"=1\nRUN echo $VERSION\n',
      fixed: "FROM alpine:3.22\nARG VERSION=1\nRUN echo $VERSION\n",
    },
    { good: 'FROM alpine:3.22\nARG VERSION="1"\nRUN echo $VERSION\n' },
  ],
  check({ dockerfile, report }) {
    for (const { pairs } of allNamed(dockerfile, "ARG")) {
      for (const { key } of pairs) {
        // A quote that nothing closes is argument-syntax's.
        if (!/["']/.test(key.text) || lexerFault(key.text, dockerfile.escape)) continue;
        const plain = unquote(key.text, dockerfile.escape);
        const usable = /^\w+$/.test(plain);
        report(key.span, {
          message: `The quotes belong to the name ${key.text}: ${usable ? `$${plain}` : "what it is without them"} is another variable`,
          fixes: usable ? [unsafeFix(`Call it ${plain}`, replace(key.span, plain))] : [],
        });
      }
    }
  },
});
