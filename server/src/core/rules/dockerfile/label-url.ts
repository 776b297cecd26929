import { labelValueRule } from "../labels.ts";

export default labelValueRule({
  id: "label-url",
  kind: "url",
  summary: "a label of the schema that should be a URL is none",
  sameAs: ["hadolint:DL3052"],
  fixable: "never",
  why: `
Tools turn these labels into links: a registry's page, a chart, an inventory. What is no absolute URL, or a host without its
scheme, becomes a link to nowhere. Silent without a schema, and where a variable has a part in the value.`,
  good: "https://example.org/app",
  bad: "example.org/app",
  fault: (value) => (isUrl(value) ? undefined : { message: `is no URL: ${value}` }),
});

/** RFC 3986: a scheme and characters a URI may have; the schemes that have a host need one. */
const URI = /^([a-z][a-z0-9+.-]*):((?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9a-f]{2})+)$/i;

function isUrl(value: string): boolean {
  const [, scheme = "", rest = ""] = URI.exec(value) ?? [];
  if (scheme === "") return false;
  return !/^(?:https?|ftps?|git|ssh|wss?)$/i.test(scheme) || /^\/\/[^/?#]/.test(rest);
}
