import type { Instruction } from "../../model/dockerfile/model.ts";
import { type Program, programsCalled } from "../../model/dockerfile/programs.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  id: "wget-and-curl",
  summary: "wget and curl in one stage",
  severity: "info",
  profile: "strict",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["hadolint:DL4001", "trivy:DS-0014", "kics:Run Using 'wget' and 'curl'"],
  why: `
Each of the two does what the other does. Using one saves a package, its libraries and their updates, and certificates, proxies
and retries are set up once. Every RUN is reported from the one on that brings the second tool in; stages are judged by
themselves, since each has its own packages. What runs in the script of a \`sh -c\` counts, which hadolint does not look into.`,
  examples: [
    { bad: "FROM debian:13\nRUN wget -q https://example.org/a\nRUN curl -fsSLO https://example.org/b\n" },
    { good: "FROM debian:13\nRUN curl -fsSLO https://example.org/a\nRUN curl -fsSLO https://example.org/b\n" },
  ],
  check({ dockerfile, report }) {
    const calls = [...programsCalled(dockerfile, "curl"), ...programsCalled(dockerfile, "wget")];
    const places = Map.groupBy(calls, ({ instruction }) => `${instruction.stage} ${instruction.triggered}`);
    for (const inPlace of places.values()) {
      const sorted = inPlace.toSorted((a, b) => a.command.span.start - b.command.span.start);
      const first = sorted[0];
      const other = sorted.find(({ command }) => command.name !== first?.command.name);
      if (!first || !other) continue;
      for (const call of firstOfEach(sorted, other)) {
        const { name, nameWord, span } = call.command;
        const earlier = name === first.command.name ? other : first;
        report((nameWord ?? call.command).span ?? span, {
          message: `${name} and ${earlier.command.name} in one stage: one of them would do`,
          related: [
            { span: (earlier.command.nameWord ?? earlier.command).span, message: `${earlier.command.name} here` },
          ],
        });
      }
    }
  },
});

/** From the RUN on that brings in the second tool, the first call of each; there that tool's. */
function firstOfEach(calls: readonly Program[], second: Program): readonly Program[] {
  const seen = new Set<Instruction["index"]>([second.instruction.index]);
  const found = [second];
  for (const call of calls) {
    if (call.instruction.index <= second.instruction.index || seen.has(call.instruction.index)) continue;
    seen.add(call.instruction.index);
    found.push(call);
  }
  return found;
}
