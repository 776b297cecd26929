/** What refactorings may look up: one world that says nothing, and one that has an answer to everything. */
import type { Lookup } from "../../../server/src/core/assists/dockerfile/assist.ts";
import type { Answer } from "../../../server/src/core/rule.ts";

const FILES: Readonly<Record<string, string>> = {
  "package.json": '{"name": "shop", "dependencies": {"express": "^5.1.0"}}',
  "package-lock.json":
    '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"express": "^5.1.0"}}, "node_modules/express": {"version": "5.1.0"}}}',
  "yarn.lock": '# yarn lockfile v1\n\nexpress@^5.1.0:\n  version "5.1.0"\n',
  "pnpm-lock.yaml":
    "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      express:\n        specifier: ^5.1.0\n        version: 5.1.0\n",
  "requirements.txt": "flask==3.1.2 --hash=sha256:aa\n",
  "pyproject.toml": '[project]\nname = "shop"\n',
  "uv.lock": '[[package]]\nname = "flask"\nversion = "3.1.2"\n',
  "poetry.lock": '[[package]]\nname = "flask"\nversion = "3.1.2"\n',
  Gemfile: 'source "https://rubygems.org"\n',
  "Gemfile.lock": "GEM\n  specs:\n    rack (3.2.0)\n",
  "go.mod": "module example.org/shop\n",
  "go.sum": "",
  "Cargo.lock": "version = 4\n",
};

/** A build context with one small project of each kind, and a network that knows everything. */
const plentiful: Lookup = (question): Answer => {
  const file = "path" in question ? FILES[question.path.slice(question.path.lastIndexOf("/") + 1)] : undefined;
  switch (question.ask) {
    case "exists":
      return file === undefined ? "no" : "yes";
    case "path-kind":
      return file === undefined ? "missing" : "file";
    case "read":
    case "text":
      return file ?? { unknown: `there is no ${question.path}` };
    case "list":
      return Object.keys(FILES).join("\n");
    case "checksum":
    case "digest":
      return `sha256:${"4f".repeat(32)}`;
    case "package-version":
      return question.manager === "apk" ? "1.2.3-r0" : "1.2.3";
    case "distribution":
      return "debian trixie";
    default:
      return { unknown: "nobody asks that here" };
  }
};

export const WORLDS: readonly (readonly [name: string, lookup: Lookup])[] = [
  ["nothing is known", () => undefined],
  ["everything is known", plentiful],
];
