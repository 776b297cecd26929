import type { Effect } from "../../model/dockerfile/system-packages.ts";
import { defineRule } from "../../rule.ts";
import { reportCachesLeft } from "../caches-left.ts";

export default defineRule({
  id: "zypper-clean",
  summary: "zypper leaves its caches in the layer",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3036", "trivy:DS-0020", "kics:Missing Zypper Clean"],
  why: `
zypper refreshes its repositories before it installs, updates or removes something and keeps their metadata in \`/var/cache/zypp\`.
Nothing reads it again in a finished image, and a later \`RUN zypper clean\` does not make the layer smaller: it has to happen in the
same \`RUN\`, behind the last use. \`zypper clean\` without \`--all\` deletes downloaded packages only; it counts all the same, as it
does for hadolint, Trivy and KICS. Deleting the folder or a cache mount over it is as good. Stages that nothing ships are let
off, as KICS does; hadolint wants them clean too.`,
  fixSafety: "Safe: the caches are only read by zypper itself, which downloads them again when it needs them.",
  examples: [
    {
      bad: "FROM opensuse/leap:15.6\nRUN zypper -n install nginx\n",
      fixed: "FROM opensuse/leap:15.6\nRUN zypper -n install nginx && zypper clean --all\n",
    },
    { good: "FROM opensuse/leap:15.6\nRUN zypper -n install nginx && zypper clean\n" },
    { good: "FROM opensuse/leap:15.6\nRUN --mount=type=cache,target=/var/cache/zypp zypper -n install nginx\n" },
  ],
  check(context) {
    reportCachesLeft(context, {
      fills: ({ system, effect }) => system === "zypper" && FILLING.has(effect),
      cleans: ({ system }) => system === "zypper",
      folders: ["/var/cache/zypp"],
      elsewhere: ELSEWHERE,
      everyStage: false,
      command: "clean --all",
    });
  },
});

const FILLING: ReadonlySet<Effect> = new Set<Effect>(["install", "upgrade", "remove"]);

const ELSEWHERE: ReadonlySet<string> = new Set(["-R", "--root", "--installroot", "--dry-run", "-D", "--help"]);
