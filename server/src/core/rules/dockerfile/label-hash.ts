import { labelValueRule } from "../labels.ts";

export default labelValueRule({
  id: "label-hash",
  kind: "hash",
  summary: "a label of the schema that should be a git hash is none",
  sameAs: ["hadolint:DL3055"],
  fixable: "never",
  why: `
The label leads from an image in production to the commit it was built from. A branch name or a tag moves on, and then nobody can
say which commit it was. hadolint takes 7 or 40 characters only; git shortens to as many as it needs and has 64 in a SHA-256
repository, so 7 to 40 and 64 are right here. Silent without a schema, and where a variable has a part in the value.`,
  good: "0f3c9a5d1b7e46c28a90f1e2d3c4b5a697887766",
  bad: "main",
  fault: (value) =>
    /^(?:[0-9a-f]{7,40}|[0-9a-f]{64})$/.test(value) ? undefined : { message: `is no git commit hash: ${value}` },
});
