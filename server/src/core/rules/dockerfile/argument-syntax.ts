import { certaintyOf } from "../../model/dockerfile/frontend.ts";
import { defineRule } from "../../rule.ts";
import { argumentFaults } from "../argument-faults.ts";
import { checkDirectiveFault } from "../check-directive.ts";

export default defineRule({
  id: "argument-syntax",
  summary: "arguments that BuildKit cannot read",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: [
    "dockerfilelint:invalid_format",
    "dockerfile-utils:SYNTAX_MISSING_EQUALS",
    "dockerfile-utils:SYNTAX_MISSING_NAMES",
    "dockerfile-utils:SYNTAX_MISSING_SINGLE_QUOTE",
    "dockerfile-utils:SYNTAX_MISSING_DOUBLE_QUOTE",
    "dockerfile-utils:UNSUPPORTED_MODIFIER",
    "dockerfile-utils:INVALID_REFERENCE_FORMAT",
    "dockerfile-utils:INVALID_ESCAPE_DIRECTIVE",
    "dockerfile-utils:DUPLICATED_ESCAPE_DIRECTIVE",
    "dockerfile-utils:INVALID_SIGNAL",
    "dockerfile-utils:INVALID_AS",
    "dockerfile-utils:INVALID_BUILD_STAGE_NAME",
    "dockerfile-utils:UNKNOWN_TYPE",
  ],
  why: `
The build stops here, often after minutes of work: at a quote nothing closes, at \`\${x:y}\`, at a name in front of \`=\` that is not
there, at an image, stage or platform name that can be none, at a signal nobody knows, at a mount that goes nowhere, at \`--checksum\`
for a local file. What today's BuildKit takes is taken: \`STOPSIGNAL TERM\`, numbers, \`\${x%.*}\`, \`--start-period=0s\`.

BuildKit reads \`COPY\`, \`ADD\`, \`VOLUME\` and \`EXPOSE\` blank by blank, so that quotes do not hold a path with a blank together
(\`COPY ["a b", "/c/"]\` does), and it compares the image of \`FROM\` with the names of stages in lower case only, whatever \`AS\` says.
RUN, CMD, ENTRYPOINT and HEALTHCHECK leave \`\${…}\` to the shell, and so does this rule; other linters report a modifier there too.
Arguments of ONBUILD are judged although they are first read when somebody builds on the image.`,
  fixSafety: "Unsafe: the nearest signal, or the same name in lower case, is a guess at what was meant.",
  examples: [
    { bad: 'FROM alpine:3.22\nENV GREETING="hello\n' },
    { bad: "FROM alpine:3.22\nENV TAG=${VERSION:latest}\n" },
    { bad: "FROM Alpine:3.22\n", fixed: "FROM alpine:3.22\n" },
    { bad: "FROM alpine:3.22\nSTOPSIGNAL SIGTREM\n", fixed: "FROM alpine:3.22\nSTOPSIGNAL SIGTERM\n" },
    { bad: "FROM alpine:3.22\nRUN --mount=type=cache,target=/ apk upgrade\n" },
    { good: 'FROM alpine:3.22 AS base-1\nENV GREETING="hello" TAG=${VERSION:-latest}\nSTOPSIGNAL TERM\n' },
  ],
  check({ dockerfile, report }) {
    const certainty = certaintyOf(dockerfile);
    if (!certainty) return;
    for (const { rule, span, message } of dockerfile.problems)
      if (rule === "argument-syntax") report(span, { message, ...certainty });
    const faults = [
      ...dockerfile.directives.map(checkDirectiveFault),
      ...dockerfile.all.flatMap((instruction) => argumentFaults(dockerfile, instruction)),
    ];
    for (const fault of faults) if (fault) report(fault.span, { ...fault, ...certainty });
  },
});
