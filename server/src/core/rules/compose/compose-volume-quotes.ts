import { fieldOf, itemsOf } from "../../model/compose/fields.ts";
import { setQuotes } from "../../model/compose/patch.ts";
import { defineComposeRule } from "../../rule.ts";

export default defineComposeRule({
  id: "compose-volume-quotes",
  summary: "volume in quotes it does not need",
  severity: "hint",
  profile: "all",
  fixable: "always",
  since: "0.3.0",
  sameAs: ["dclint:no-quotes-in-volumes"],
  why: `
Taste: a path or the name of a volume reads the same with and without quotes, and a list in which some items have them and some have
not looks as if it mattered. Quotes that are needed, around a text with a \`#\` behind a blank or one that begins with \`*\`, are not
reported; dclint reports them too, and its fix breaks such files.`,
  fixSafety: `
Safe: quotes are only taken from a text that every reader of YAML takes for the same text without them.`,
  examples: [
    {
      bad: 'services:\n  db:\n    image: postgres:17\n    volumes:\n      - "data:/var/lib/postgresql/data"\n',
      fixed: "services:\n  db:\n    image: postgres:17\n    volumes:\n      - data:/var/lib/postgresql/data\n",
    },
    { good: "services:\n  db:\n    image: postgres:17\n    volumes:\n      - data:/var/lib/postgresql/data\n" },
  ],
  check({ compose, report }) {
    const seen = new Set<number>();
    for (const { map } of compose.services)
      for (const item of itemsOf(fieldOf(map, "volumes")?.value)) {
        if (item.kind !== "scalar" || item.via || seen.has(item.span.start)) continue;
        seen.add(item.span.start);
        if (item.style !== "single" && item.style !== "double") continue;
        const change = setQuotes(compose, item, "plain", { shared: true });
        if ("refusal" in change) continue;
        report(item.span, {
          message: `The volume ${item.text} is in quotes it does not need`,
          fixes: [{ title: "Take the quotes away", safety: "safe", edits: change.edits }],
        });
      }
  },
});
