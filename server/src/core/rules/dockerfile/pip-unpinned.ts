import { settingBefore } from "../../model/dockerfile/before.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import type { LanguageManager } from "../../model/dockerfile/managers.ts";
import { hasOption, type PackageCall, allPackageCalls } from "../../model/dockerfile/packages.ts";
import { defineRule } from "../../rule.ts";
import { packagesOf, reportUnpinned } from "../language-packages.ts";

/** The managers that install Python packages, and the action that names some. */
const ACTIONS: ReadonlyMap<string, string> = new Map<LanguageManager, string>([
  ["pip", "install"],
  ["pipx", "install"],
  ["uv pip", "install"],
  ["uv tool", "install"],
]);

export default defineRule({
  id: "pip-unpinned",
  summary: "pip installs a package without a version",
  severity: "warning",
  profile: "strict",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["hadolint:DL3013", "kics:Unpinned Package Version in Pip Install"],
  why: `
Without a version pip takes the newest one there is on the day of the build. The same Dockerfile then gives another image tomorrow,
and a release upstream breaks a build in which nothing changed. Write \`name==1.2.3\`, or put the packages into a requirements file.

hadolint takes every comparison for a version, \`>=\` too, and so does this rule: a lower bound is at least a decision. Everything
that is already fixed elsewhere is let off: local files and folders, archives by URL, \`-c constraints.txt\` (or \`PIP_CONSTRAINT\`),
and Git repositories with a revision behind \`@\`. What peers miss is reported: the \`@\` of a user name in a Git address is no
revision, \`-r requirements.txt\` pins nothing of what is named beside it, and \`sudo\`, \`uv pip\`, \`uv tool\` and \`pip\` within
\`sh -c\` install in the same way. A package that a variable hides is not judged. Which version is right only the package index and a
test know: there is no fix, but \`dockwright refactor pin-packages\` asks PyPI and writes the version of today down.`,
  examples: [
    { bad: "FROM python:3.14\nRUN pip install --no-cache-dir flask\n" },
    { good: "FROM python:3.14\nRUN pip install --no-cache-dir flask==3.1.2\n" },
    { good: "FROM python:3.14\nRUN pip install --no-cache-dir -r requirements.txt\n" },
  ],
  check({ dockerfile, report }) {
    for (const call of allPackageCalls(dockerfile)) {
      if (ACTIONS.get(call.manager) !== call.action.value || call.hidden || isConstrained(dockerfile, call)) continue;
      const unpinned = packagesOf(dockerfile, call).filter(({ text }) => isUnpinned(text));
      reportUnpinned({ report }, unpinned, (names) => `${call.manager} installs the newest ${names} of the day`);
    }
  },
});

const CONSTRAINTS = ["-c", "--constraint", "--constraints", "--build-constraint"];

function isConstrained(dockerfile: Dockerfile, call: PackageCall): boolean {
  if (hasOption(call, ...CONSTRAINTS)) return true;
  const variable = call.manager.startsWith("uv") ? "UV_CONSTRAINT" : "PIP_CONSTRAINT";
  return (
    call.command.assignments.some(({ name }) => name === variable) ||
    settingBefore(dockerfile, call.instruction, variable) !== undefined
  );
}

const ARCHIVE = /\.(?:whl|zip|tar|tar\.\w+|tgz|egg)$/i;

/** PEP 508, and what pip takes for a file (`_looks_like_path` in pip's req/constructors.py). */
function isUnpinned(text: string): boolean {
  const repository = /(?:^|\s|@)(?:git|hg|svn|bzr)\+[a-z+]+:\/\/(\S*)/.exec(text)?.[1];
  if (repository !== undefined) return !revised(repository);
  const [requirement = ""] = text.split(";", 1);
  if (/[=<>~!]/.test(requirement) || requirement.includes("://") || requirement.includes("@")) return false;
  return /^[A-Za-z0-9]/.test(requirement) && !/[/\\*?$`]/.test(requirement) && !ARCHIVE.test(requirement);
}

/** A revision stands behind the last `@` of the path; one before the first slash ends a user name. */
function revised(repository: string): boolean {
  const [place = ""] = repository.split("#", 1);
  const slash = place.indexOf("/");
  return slash !== -1 && place.includes("@", slash);
}
