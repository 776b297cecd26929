import { hasOption, type PackageCall, allPackageCalls } from "../../model/dockerfile/packages.ts";
import { defineRule } from "../../rule.ts";
import { packagesOf, reportUnpinned, type Wanted } from "../language-packages.ts";

export default defineRule({
  id: "gem-unpinned",
  summary: "gem install without a version",
  severity: "warning",
  profile: "strict",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["hadolint:DL3028", "kics:Gem Install Without Version"],
  why: `
Without a version \`gem install\` takes the newest release on the day of the build: tomorrow's image is another one, and a gem that
drops support for your Ruby breaks a build in which nothing changed. Write \`gem install rake:13.3.0\`, or list the gems in a Gemfile
with its lock file.

\`--version\` holds for one gem only: with several, RubyGems stops with an error, which hadolint takes for pinned and this rule, with
KICS, reports. hadolint also reports a \`.gem\` file; there the version is in the file. A gem that a variable hides is not judged.
Which version is right only rubygems.org and a test know: there is no fix, but \`dockwright refactor pin-packages\` asks it
and writes the version of today down.`,
  examples: [
    { bad: "FROM ruby:3.4\nRUN gem install rake\n" },
    { good: "FROM ruby:3.4\nRUN gem install rake:13.3.0\n" },
    { good: "FROM ruby:3.4\nRUN gem install rake -v 13.3.0\n" },
  ],
  check({ dockerfile, report }) {
    for (const call of allPackageCalls(dockerfile)) {
      if (call.manager !== "gem" || !/^i(?:nstall)?$/.test(call.action.value) || call.hidden) continue;
      const gems = packagesOf(dockerfile, call).filter((gem) => !isBehindDashes(call, gem));
      const unpinned = gems.filter(({ text }) => !/[:/]|\.gem$/.test(text));
      const oneVersion = hasOption(call, "-v", "--version");
      if (!oneVersion) reportUnpinned({ report }, unpinned, (names) => `gem installs the newest ${names} of the day`);
      else if (gems.length > 1)
        reportUnpinned(
          { report },
          unpinned,
          (names) => `gem takes --version for one gem only, which leaves ${names} without`,
        );
    }
  },
});

/** What stands behind `--` is for the gem's own build. */
function isBehindDashes({ command }: PackageCall, { span }: Wanted): boolean {
  const dashes = command.args.find(({ value }) => value === "--");
  return dashes !== undefined && span.start > dashes.span.start;
}
