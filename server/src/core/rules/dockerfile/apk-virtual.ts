import { instructionsBefore } from "../../model/dockerfile/before.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { hasOption } from "../../model/dockerfile/packages.ts";
import { callSpan, type SystemCall, systemCalls } from "../../model/dockerfile/system-packages.ts";
import { defineRule, type Report, safeFix, unsafeFix } from "../../rule.ts";
import { type Edit, insert, replace } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "apk-virtual",
  summary: "Packages added and deleted again without --virtual",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["dockerfilelint:apkadd-missing-virtual"],
  why: `
Packages that are needed for one step only are listed twice, at \`apk add\` and at \`apk del\`. When somebody adds one to the first
list alone, it stays in the image and nobody notices. \`apk add --virtual .build-deps …\` gives the list a name, and
\`apk del .build-deps\` deletes just what came with it. One single package is not worth a name.`,
  fixSafety: `
Safe: the same packages come and go. Unsafe where an earlier RUN adds one of them for good: the name would leave it, \`apk del\`
takes it away. There is no fix where the two lists differ.`,
  examples: [
    {
      bad: "FROM alpine:3.22\nRUN apk add --no-cache gcc musl-dev && make && apk del gcc musl-dev\n",
      fixed:
        "FROM alpine:3.22\nRUN apk add --no-cache --virtual .build-deps gcc musl-dev && make && apk del .build-deps\n",
    },
    { good: "FROM alpine:3.22\nRUN apk add --no-cache --virtual .build gcc musl-dev && make && apk del .build\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of allNamed(dockerfile, "RUN")) {
      const calls = systemCalls(dockerfile, instruction).filter(({ system, hidden }) => system === "apk" && !hidden);
      for (const add of calls) {
        if (add.verb.value !== "add" || hasOption(add, "--virtual", "-t")) continue;
        const added = new Set(names(add));
        const removal = calls.find(
          (call) =>
            call.effect === "remove" &&
            call.command.span.start > add.command.span.start &&
            names(call).filter((name) => added.has(name)).length > 1,
        );
        if (removal)
          report(callSpan(add), {
            message: "apk del has to repeat this list: --virtual gives it a name",
            related: [{ span: callSpan(removal), message: "Deleted here" }],
            ...remedy(dockerfile, add, removal, calls),
          });
      }
    }
  },
});

/** Without versions and repositories. */
const names = ({ packages }: SystemCall): readonly string[] =>
  packages.filter(({ literal }) => literal).map(({ value }) => value.replace(/[=~<>@].*$/, ""));

function remedy(
  dockerfile: Dockerfile,
  add: SystemCall,
  removal: SystemCall,
  calls: readonly SystemCall[],
): Partial<Report> {
  const added = new Set(names(add));
  const removed = new Set(names(removal));
  const isSame =
    added.size === removed.size &&
    [...added].every((name) => removed.has(name)) &&
    [...add.packages, ...removal.packages].every(({ literal }) => literal);
  if (!isSame) return { refusal: "apk del names other packages than this apk add: split the list first" };
  const name = freeName(dockerfile, calls);
  const edits = [option(add, name), ...renamed(dockerfile, removal, name)];
  if (edits.length < 2) return { refusal: "comments stand between the packages apk del names" };
  const fix = isAddedBefore(dockerfile, add, added) ? unsafeFix : safeFix;
  return { fixes: [fix(`Name the packages ${name}`, ...edits)] };
}

const option = ({ optionsEnd, instruction }: SystemCall, name: string): Edit =>
  insert(optionsEnd, instruction.json ? `, "--virtual", "${name}"` : ` --virtual ${name}`);

/** The whole list becomes the name, unless options or comments stand in it. */
function renamed({ text }: Dockerfile, { packages, options }: SystemCall, name: string): Edit[] {
  const first = packages[0];
  const last = packages.at(-1);
  if (!first || !last) return [];
  const span = { start: first.span.start, end: last.span.end };
  const isMixed =
    options.some(({ word }) => word.span.start > span.start && word.span.end < span.end) ||
    /^[ \t]*#/m.test(text.slice(span.start, span.end));
  return isMixed ? [] : [replace(span, name)];
}

function freeName({ text }: Dockerfile, calls: readonly SystemCall[]): string {
  const taken = new Set(calls.flatMap(({ options }) => options.map(({ value }) => value)));
  let name = ".build-deps";
  for (let number = 2; taken.has(name) || text.includes(`${name} `); number++) name = `.build-deps-${number}`;
  return name;
}

const isAddedBefore = (dockerfile: Dockerfile, add: SystemCall, added: ReadonlySet<string>): boolean =>
  [...instructionsBefore(dockerfile, add.instruction), add.instruction].some((instruction) => {
    const calls = systemCalls(dockerfile, instruction).filter(
      ({ command }) => command.span.start < add.command.span.start,
    );
    const gone = new Set(calls.filter(({ effect }) => effect === "remove").flatMap(names));
    return calls.some(
      (call) =>
        call.verb.value === "add" &&
        !hasOption(call, "--virtual", "-t") &&
        names(call).some((name) => added.has(name) && !gone.has(name)),
    );
  });
