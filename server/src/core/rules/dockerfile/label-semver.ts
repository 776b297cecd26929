import { labelValueRule } from "../labels.ts";

export default labelValueRule({
  id: "label-semver",
  kind: "semver",
  summary: "a label of the schema that should be a semantic version is none",
  sameAs: ["hadolint:DL3056"],
  fixable: "never",
  why: `
Versions are compared to find the newer one: \`1.2\`, \`v1.2.3\` and \`01.2.3\` are no semantic versions, and what compares them either
stops or falls back to comparing letters. Silent without a schema, and where a variable has a part in the value.`,
  good: "1.4.0-rc.1",
  bad: "1.4",
  fault: (value) => (SEMVER.test(value) ? undefined : { message: `is no semantic version such as 1.4.0: ${value}` }),
});

/** semver.org 2.0.0: numbers without leading zeros, also in the identifiers of a pre-release. */
const NUMBER = "(?:0|[1-9]\\d*)";
const PRE = `(?:${NUMBER}|\\d*[A-Za-z-][0-9A-Za-z-]*)`;
const SEMVER = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-${PRE}(?:\\.${PRE})*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
);
