import { fieldOf, itemsOf } from "../../model/compose/fields.ts";
import { scalarKind } from "../../model/compose/go-yaml.ts";
import { prevailingQuotes, setQuotes } from "../../model/compose/patch.ts";
import { type ComposeContext, defineComposeRule } from "../../rule.ts";
import { remedyOf } from "../compose-services.ts";
import type { YamlScalar } from "../../text/yaml.ts";

/** What YAML 1.1 takes for a number to base 60. */
const BASE_60 = /^[1-9]\d*(?::[0-5]?\d)+$/;

export default defineComposeRule({
  id: "compose-port-quotes",
  summary: "port without quotes",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["dclint:require-quotes-in-ports"],
  options: [
    {
      name: "quoteType",
      about: "The quotes ports have to have: `single`, `double`, or `any`.",
      default: "any",
    },
  ],
  why: `
YAML 1.1 has numbers to base 60: \`22:22\` is 1342 there, as times of day once were written. Compose itself no longer reads it so, but
tools built on PyYAML do, podman-compose and many scripts among them: they publish a port nobody asked for, or refuse the file. Only
pairs whose last part is below 60 are at risk, which are ports like 22, 25 or 53; others are reported in the profile \`all\`, because
who quotes every port need not think about it. Single and double quotes mean the same here, where dclint wants single ones by default;
the option asks for one kind.`,
  fixSafety: `
Safe: compose makes the same port of a text and of a number.`,
  examples: [
    {
      bad: "services:\n  git:\n    image: gitea/gitea:1.24\n    ports:\n      - 22:22\n",
      fixed: "services:\n  git:\n    image: gitea/gitea:1.24\n    ports:\n      - '22:22'\n",
    },
    { good: 'services:\n  git:\n    image: gitea/gitea:1.24\n    ports:\n      - "22:22"\n' },
  ],
  check(context) {
    const seen = new Set<number>();
    for (const { map } of context.compose.services)
      for (const key of ["ports", "expose"])
        for (const item of itemsOf(fieldOf(map, key)?.value)) {
          // Items of an anchored list are met once for each service that uses it.
          if (item.kind !== "scalar" || item.via || item.value === null || seen.has(item.span.start)) continue;
          seen.add(item.span.start);
          judge(context, item);
        }
  },
});

function judge({ compose, option, report }: ComposeContext, item: YamlScalar): void {
  const { style, text, span } = item;
  const wanted = option("quoteType");
  const wish = wanted === "single" || wanted === "double" ? wanted : undefined;
  if (style !== "plain" && (wish === undefined || style === wish)) return;
  const kind = scalarKind(item);
  // 010 is 8: with quotes it would be another port.
  if (kind !== "string" && !(kind === "integer" && String(Number(text)) === text)) return;
  const isTrap = style === "plain" && BASE_60.test(text);
  report(span, {
    message: isTrap
      ? `${text} is the number ${base60(text)} to readers of YAML 1.1`
      : style === "plain"
        ? `The port ${text} has no quotes`
        : `The port ${text} is not in ${wish ?? ""} quotes`,
    ...(!isTrap && { profile: "all" as const, severity: "hint" as const }),
    remedy: () => {
      const quotes = wish ?? prevailingQuotes(compose) ?? "single";
      return remedyOf(`Put ${text} in quotes`, setQuotes(compose, item, quotes, { shared: true }), "safe");
    },
  });
}

const base60 = (text: string): number => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
