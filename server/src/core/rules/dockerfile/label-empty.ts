import { defineRule } from "../../rule.ts";
import { labelsOf } from "../labels.ts";

export default defineRule({
  id: "label-empty",
  summary: "a label of the schema has no value",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["hadolint:DL3051"],
  why: `
The schema asks for the label because somebody reads it; an empty one passes a check for its name and tells nothing. Silent
without a schema, and where a variable gives the value.`,
  examples: [
    { bad: 'FROM alpine:3.22\nLABEL org.opencontainers.image.source=""\n', policy: schema() },
    { good: 'FROM alpine:3.22\nLABEL org.opencontainers.image.source="https://example.org/app"\n', policy: schema() },
    { good: 'FROM alpine:3.22\nLABEL note=""\n', policy: schema() },
  ],
  check({ dockerfile, policy: { labels }, report }) {
    if (Object.keys(labels).length === 0) return;
    for (const { name, value, pair } of labelsOf(dockerfile))
      if (name !== undefined && Object.hasOwn(labels, name) && value?.trim() === "")
        report(pair.span, {
          message: `Label ${name} is empty: give it the value the schema asks for (${labels[name]})`,
        });
  },
});

function schema(): { readonly labels: { readonly "org.opencontainers.image.source": "url" } } {
  return { labels: { "org.opencontainers.image.source": "url" } };
}
