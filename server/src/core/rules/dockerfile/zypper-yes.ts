import type { Effect } from "../../model/dockerfile/system-packages.ts";
import { defineRule } from "../../rule.ts";
import { reportWithoutYes } from "../without-yes.ts";

export default defineRule({
  id: "zypper-yes",
  summary: "zypper without --non-interactive",
  severity: "warning",
  profile: "recommended",
  fixable: "always",
  since: "0.2.0",
  sameAs: ["hadolint:DL3034", "kics:Missing Zypper Non-interactive Switch"],
  why: `
A build has nobody to answer. \`zypper install\` lists what it is about to do, asks \`Continue? [y/n]\`, cannot read an answer and ends
with an error. So do \`remove\`, \`update\`, \`patch\` and \`dup\`. \`zypper -n\` takes the default answer to every question,
\`zypper install -y\` only agrees to that one; both count. \`zypper refresh\` is left alone: it asks nothing of a repository whose key
is known.`,
  fixSafety: "Safe: where nothing was asked nothing changes, and where something was asked the build failed.",
  examples: [
    {
      bad: "FROM opensuse/leap:15.6\nRUN zypper install nginx && zypper clean --all\n",
      fixed: "FROM opensuse/leap:15.6\nRUN zypper -n install nginx && zypper clean --all\n",
    },
    { good: "FROM opensuse/leap:15.6\nRUN zypper install --no-confirm nginx && zypper clean --all\n" },
  ],
  check(context) {
    reportWithoutYes(context, {
      asks: ({ system, effect }) => system === "zypper" && ASKING.has(effect),
      yes: YES,
      option: "-n",
      place: ({ command }) => command.nameWord?.span.end ?? command.span.end,
    });
  },
});

const ASKING: ReadonlySet<Effect> = new Set<Effect>(["install", "upgrade", "remove"]);

const YES: ReadonlySet<string> = new Set(["-n", "--non-interactive", "-y", "--no-confirm"]);
