import { labelValueRule } from "../labels.ts";

export default labelValueRule({
  id: "label-email",
  kind: "email",
  summary: "a label of the schema that should be an e-mail address is none",
  sameAs: ["hadolint:DL3058"],
  fixable: "never",
  why: `
Who gets the message when the image has a vulnerability is read from this label. A name, or an address in angle brackets behind a
name, is nothing a program can send to. Silent without a schema, and where a variable has a part in the value.`,
  good: "team@example.org",
  bad: "The Team <team@example.org>",
  fault: (value) => (ADDRESS.test(value) ? undefined : { message: `is no e-mail address: ${value}` }),
});

/** addr-spec of RFC 5322 without comments and folding: a dot-atom or a quoted string, `@`, a dot-atom or an address in brackets. */
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const ADDRESS = new RegExp(
  `^(?:${ATOM}(?:\\.${ATOM})*|"(?:[^"\\\\]|\\\\.)*")@(?:${ATOM}(?:\\.${ATOM})*|\\[[^[\\]\\\\]*\\])$`,
);
