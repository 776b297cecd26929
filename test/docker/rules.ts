/** The rules' examples and fixtures, before and after fixing, as BuildKit sees them. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import type { Answers, Rule } from "../../server/src/core/rule.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { linesOf } from "../../server/src/core/text/lines.ts";
import { answersFrom, caseOf, findingsOf, fixed, fixtures } from "../rule-cases.ts";
import { type BuildKitCheck, buildKitChecks } from "./buildkit-check.ts";
import type { Machine } from "./machine.ts";

interface Sample {
  readonly name: string;
  readonly rule: Rule;
  readonly text: string;
  readonly fixed: string;
  /** By every rule, unsafe fixes too. */
  readonly fixedByAll: string;
}

/** Checks that BuildKit cannot make here: one that is off, one that needs a build context, one that needs the real base image. */
const NOT_MADE: ReadonlySet<string> = new Set([
  "InvalidDefinitionDescription",
  "CopyIgnoredFile",
  "InvalidBaseImagePlatform",
]);

/** A rule's code in BuildKit, for the rules that have one. */
const CODES: ReadonlyMap<string, string> = new Map(
  rules.flatMap(({ id, sameAs }) =>
    sameAs
      .filter((code) => code.startsWith("buildkit:"))
      .map((code) => [id, code.slice("buildkit:".length)] as const)
      .filter(([, code]) => !NOT_MADE.has(code)),
  ),
);
const FIXABLE: ReadonlySet<string> = new Set(rules.filter(({ fixable }) => fixable !== "never").map(({ id }) => id));

interface Difference {
  readonly code: string;
  /** Who has the finding. */
  readonly only: "ours" | "BuildKit's";
  /** The instruction it is on, with its continuation lines. */
  readonly on: RegExp;
  readonly because: string;
}

/** Where we stand by another verdict. An entry that no text needs fails the test. */
const DIFFERENCES: readonly Difference[] = [
  {
    code: "WorkdirRelativePath",
    only: "ours",
    on: /^(ONBUILD )?WORKDIR /i,
    because: "BuildKit lets off what follows an absolute WORKDIR, and does not look into ONBUILD",
  },
  {
    code: "WorkdirRelativePath",
    only: "BuildKit's",
    on: /^WORKDIR C:\\/,
    because: "the image that stands in for the Windows one is a Linux image, where C:\\ is a relative path",
  },
  {
    code: "SecretsUsedInArgOrEnv",
    only: "ours",
    on: /^(ONBUILD )?ARG \w+_TOKEN/,
    because: "BuildKit looks neither at what stands before the first FROM nor into ONBUILD",
  },
  {
    code: "SecretsUsedInArgOrEnv",
    only: "BuildKit's",
    on: /PUBLIC_KEY|_FILE\b|USE_AUTH|AUTH_SOCK|GPG_KEY|RELEASE_KEY/,
    because: "the name has a secret's word in it, but says that it is a file, a switch or a key that is public",
  },
  {
    code: "JSONArgsRecommended",
    only: "BuildKit's",
    on: /^CMD$/,
    because: "an empty CMD has no words to put into a list",
  },
  {
    code: "UndefinedVar",
    only: "ours",
    on: /^(ONBUILD )?RUN /i,
    because: "BuildKit does not look into what a shell reads; a name of an ARG above the first FROM is empty there",
  },
  {
    code: "UndefinedVar",
    only: "ours",
    on: /^(ONBUILD )?ENV (PATH=\S+ PATH|A=1 B)=/i,
    because: "the name is set in the same ENV, which takes effect behind it",
  },
  {
    code: "UndefinedVar",
    only: "BuildKit's",
    on: /\$\{?(APP_|NODE_VERSION|PYTHON_VERSION|ProgramFiles)/,
    because: "the image that stands in for the real one has none of its variables",
  },
  {
    code: "UndefinedVar",
    only: "BuildKit's",
    on: /^ENV P[ =].*c:\\some dir/,
    because: "BuildKit's lint reads another escape character than its build does",
  },
  {
    code: "WorkdirRelativePath",
    only: "BuildKit's",
    on: /^WORKDIR \$ProgramFiles/,
    because: "the image that stands in for the Windows one is a Linux image without that variable",
  },
  {
    code: "ExposeInvalidFormat",
    only: "ours",
    on: /^ONBUILD /i,
    because: "BuildKit does not look into ONBUILD",
  },
  {
    code: "ExposeProtoCasing",
    only: "ours",
    on: /^ONBUILD /i,
    because: "BuildKit does not look into ONBUILD",
  },
  {
    code: "ConsistentInstructionCasing",
    only: "ours",
    on: /^ONBUILD [a-z]/,
    because: "BuildKit does not look into ONBUILD",
  },
  {
    code: "LegacyKeyValueFormat",
    only: "BuildKit's",
    on: /^ENV a b$/,
    because: "a comment of ours, which BuildKit does not heed, switches it off",
  },
  {
    code: "LegacyKeyValueFormat",
    only: "ours",
    on: /^ONBUILD /i,
    because: "BuildKit does not look into ONBUILD",
  },
  {
    code: "RedundantTargetPlatform",
    only: "BuildKit's",
    on: /TARGETPLATFORM%|TARGETPLATFORM alpine/,
    because: "BuildKit looks at the variable's name alone, not at what is cut off or at a default of its own",
  },
];

export function ruleTests(machine: Machine): void {
  describe("the rules' texts in BuildKit", () => {
    const samples = [...exampleSamples(), ...fixtureSamples()];
    let checks: ReadonlyMap<string, BuildKitCheck>;
    before(async () => {
      checks = await buildKitChecks(
        machine,
        samples.flatMap(({ text, fixed: after, fixedByAll }) => [text, after, fixedByAll]),
      );
    });
    const checkOf = (text: string): BuildKitCheck => {
      const check = checks.get(text);
      assert.ok(check, "BuildKit was asked");
      return check;
    };

    test("BuildKit reads what a fix wrote when it could read what was there", () => {
      const broken = samples.flatMap(({ name, text, fixed: after, fixedByAll }) => {
        if (checkOf(text).error !== undefined) return [];
        return [after, fixedByAll].flatMap((now) => {
          const { error } = checkOf(now);
          return error === undefined ? [] : [`${name}: ${error}\n${text}----\n${now}`];
        });
      });
      assert.deepEqual(broken, []);
      assert.ok(
        samples.filter(({ text }) => checkOf(text).error === undefined).length > 200,
        "BuildKit could read most texts",
      );
    });

    for (const [id, code] of CODES) {
      if (!FIXABLE.has(id)) continue;
      test(`${id}: BuildKit's ${code} is there before the fix and gone after it`, () => {
        const seen = samples.filter(
          ({ rule, text, fixed: after }) => rule.id === id && after !== text && warnsOf(checkOf(text), code),
        );
        assert.notEqual(seen.length, 0, "BuildKit warns about a text that has a fix");
        assert.ok(
          seen.some(({ fixed: after }) => !warnsOf(checkOf(after), code) && checkOf(after).error === undefined),
          "and is silent about one of them fixed",
        );
      });
    }

    test("our verdict is BuildKit's, but for the differences that have a reason", () => {
      const needed = new Set<Difference>();
      const unexplained: string[] = [];
      let compared = 0;
      for (const text of new Set(samples.flatMap(({ text: bad, fixed: after }) => [bad, after]))) {
        const check = checkOf(text);
        // Behind an error BuildKit has not looked.
        if (check.error !== undefined) continue;
        compared++;
        for (const { code, only, head } of differencesIn(text, check)) {
          const difference = DIFFERENCES.find((one) => one.code === code && one.only === only && one.on.test(head));
          if (difference) needed.add(difference);
          else unexplained.push(`${code} is ${only} alone on ${JSON.stringify(head)} of\n${text}`);
        }
      }
      assert.deepEqual(unexplained, []);
      assert.deepEqual(
        DIFFERENCES.filter((difference) => !needed.has(difference)),
        [],
        "every difference occurs",
      );
      assert.ok(compared > 200, "most texts were compared");
    });
  });
}

const warnsOf = ({ warnings }: BuildKitCheck, code: string): boolean =>
  warnings.some((warning) => warning.code === code);

function exampleSamples(): readonly Sample[] {
  return rules.flatMap((rule) =>
    rule.examples.map((example, at) => {
      const text = "bad" in example ? example.bad : example.good;
      return sampleOf(`${rule.id}: example ${at + 1}`, rule, text, answersFrom(example.answers));
    }),
  );
}

function fixtureSamples(): readonly Sample[] {
  return fixtures().flatMap(({ rule: id, sections }) => {
    const rule = rules.find((one) => one.id === id);
    assert.ok(rule, `${id} is a rule`);
    return sections.flatMap((section) => {
      const found = caseOf(section);
      const title = section.split("\n", 1)[0] ?? "";
      return found ? [sampleOf(`${id}: ${title}`, rule, found.input, found.answers)] : [];
    });
  });
}

const sampleOf = (name: string, rule: Rule, text: string, answers: Answers): Sample => ({
  name,
  rule,
  text,
  fixed: fixed(text, [rule], answers).text,
  fixedByAll: fixed(text, rules, answers).text,
});

interface OneSided {
  readonly code: string;
  readonly only: Difference["only"];
  readonly head: string;
}

/** By instruction: where in it a finding points is each tool's own matter. */
function differencesIn(text: string, { warnings }: BuildKitCheck): readonly OneSided[] {
  const dockerfile = parseDockerfile(text);
  const lines = linesOf(text);
  const judged = new Set(CODES.values());
  const headAt = (line: number): string => {
    const of = dockerfile.instructions.findLast(({ span }) => lines.position(span.start).line <= line);
    return of ? `${lines.position(of.span.start).line + 1}:${text.slice(of.span.start, of.span.end)}` : `${line + 1}:`;
  };
  const theirs = new Set(
    warnings.filter(({ code }) => judged.has(code)).map(({ code, line }) => `${code} ${headAt(line - 1)}`),
  );
  const findings = findingsOf(
    text,
    rules.filter(({ id }) => CODES.has(id)),
  ).map(({ rule, span, profile }) => ({
    key: `${CODES.get(rule)} ${headAt(lines.position(span.start).line)}`,
    // Reported for another peer's sake, to those who asked for everything.
    weak: profile === "all",
  }));
  const ours = new Set(findings.map(({ key }) => key));
  const sure = findings.filter(({ weak }) => !weak).map(({ key }) => key);
  const described = (key: string, only: Difference["only"]): OneSided => {
    const [, code = "", head = ""] = /^(\w+) \d+:([\s\S]*)$/.exec(key) ?? [];
    return { code, only, head };
  };
  return [
    ...[...new Set(sure)].filter((key) => !theirs.has(key)).map((key) => described(key, "ours")),
    ...[...theirs].filter((key) => !ours.has(key)).map((key) => described(key, "BuildKit's")),
  ];
}
