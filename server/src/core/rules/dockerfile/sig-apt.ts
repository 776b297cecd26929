import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { replaceWord } from "../../model/dockerfile/options.ts";
import { hasOption, isAptTrue, type PackageCall, allPackageCalls } from "../../model/dockerfile/packages.ts";
import type { ShellWord } from "../../model/dockerfile/shell.ts";
import { type Context, defineRule, type Report, unsafeFix } from "../../rule.ts";
import { lineRemoval, wordRemoval, writtenLines } from "../verification.ts";

const SETTINGS = /^(?:APT::Get::AllowUnauthenticated|Acquire::AllowInsecureRepositories|APT::Get::Force-Yes)$/i;
const OPTIONS: ReadonlySet<string> = new Set([
  "--allow-unauthenticated",
  "--allow-insecure-repositories",
  "--force-yes",
]);

/** What installs nothing. */
const REMOVES = /^(?:remove|purge|autoremove|autopurge|clean|autoclean|distclean)$/;

export default defineRule({
  id: "sig-apt",
  summary: "apt-get installs what nobody signed",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["checkov:CKV2_DOCKER_8", "checkov:CKV2_DOCKER_11"],
  why: `
apt trusts a package because the repository's list is signed. \`--allow-unauthenticated\`, \`--force-yes\` and \`[trusted=yes]\` give
that up: anyone on the way, or a broken mirror, can hand over another package, whose scripts run as root. Add the repository's key
with \`signed-by=\`; for questions there is \`-y\`. A repository in the image itself (\`file:\`) may be trusted.`,
  fixSafety: `
Unsafe: a repository without a known key makes the build fail then. \`--force-yes\` becomes \`-y\`, which answers the questions and
no more; downgrades need \`--allow-downgrades\`.`,
  examples: [
    {
      bad: "FROM debian:13\nRUN apt-get install -y --allow-unauthenticated git\n",
      fixed: "FROM debian:13\nRUN apt-get install -y git\n",
    },
    {
      bad: "FROM debian:13\nRUN apt-get install --force-yes git\n",
      fixed: "FROM debian:13\nRUN apt-get install -y git\n",
    },
    { good: "FROM debian:13\nRUN apt-get install -y git\n" },
  ],
  check(context) {
    const { dockerfile, report } = context;
    if (!/unauthenticated|force-yes|insecurerepositories|insecure-repositories|trusted/i.test(dockerfile.text)) return;
    for (const call of allPackageCalls(dockerfile))
      if (call.manager.startsWith("apt") && !REMOVES.test(call.action.value)) reportCall(context, call);
    for (const line of writtenLines(dockerfile, /trusted|unauthenticated|insecurerepositories/i, TRUSTED)) {
      if (/(?:\]\s*|URIs:\s*)(?:file|copy|cdrom):/i.test(line.text)) continue;
      report(line.span, { message: "apt takes packages without a signature", ...lineRemoval(line) });
    }
  },
});

/** A line of sources.list, or of apt.conf. */
const TRUSTED =
  /\bdeb(?:-src)?\s+\[[^\]]*\btrusted=yes\b|^\s*Trusted:\s*yes\s*$|(?:AllowUnauthenticated|AllowInsecureRepositories)\s+"?(?:true|1|yes)/i;

function reportCall({ dockerfile, report }: Context, call: PackageCall): void {
  for (const { name, value, word } of call.options) {
    if (OPTIONS.has(name) && (value === undefined || isAptTrue(value))) {
      const remedy = name === "--force-yes" ? answering(dockerfile, call, word) : wordRemoval(dockerfile, call, word);
      report(word.span, { message: `${name} installs packages that nobody vouches for`, ...remedy });
    }
    if (name !== "-o" && name !== "--option") continue;
    const [setting = "", to] = (value ?? "").split("=");
    if (!SETTINGS.test(setting) || !isAptTrue(to)) continue;
    const before = call.command.args[call.command.args.indexOf(word) - 1];
    const first = word.value === value && before ? before : word;
    report(
      { start: first.span.start, end: word.span.end },
      {
        message: `${setting} installs packages that nobody vouches for`,
        ...wordRemoval(dockerfile, call, first, word),
      },
    );
  }
}

function answering(dockerfile: Dockerfile, call: PackageCall, word: ShellWord): Pick<Report, "fixes" | "refusal"> {
  if (hasOption(call, "-y", "--yes", "--assume-yes") || call.options.filter(({ name }) => name === "-q").length > 1)
    return wordRemoval(dockerfile, call, word);
  return { fixes: [unsafeFix("Replace --force-yes with -y", replaceWord(dockerfile, word, "-y"))] };
}
