/** Packages without a version → with the one that is installed today, which the index they come from says. */
import { familyUnder } from "../../model/dockerfile/facts.ts";
import { saidBefore } from "../../model/dockerfile/before.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { type PackageCall, packageCalls } from "../../model/dockerfile/packages.ts";
import type { ShellWord } from "../../model/dockerfile/shell.ts";
import { lineageInstructions, rootBase } from "../../model/dockerfile/stages.ts";
import { architectureOf, languageVersion, type Release, releaseOf } from "../../model/dockerfile/suites.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { known, type PackageManager, type Question } from "../../rule.ts";
import { type Edit, replace } from "../../text/edit.ts";
import type { Lookup, Offer, Refactoring, Refusal, Rewrite } from "./assist.ts";
import { declaredBy } from "./declared-edits.ts";
import { instructionsNamed, listed } from "./places.ts";

/** How one manager's packages are told apart and written with a version. */
interface Row {
  readonly index: PackageManager;
  readonly actions: RegExp;
  /** A name and nothing else: no version, path, archive, address or group. */
  readonly plain: RegExp;
  readonly pinned: (name: string, version: string) => string;
  /** Options that take packages from somewhere else, or already say which version. */
  readonly elsewhere: RegExp;
}

const APT: Row = {
  index: "apt",
  actions: /^install$/,
  plain: /^[a-z0-9][a-z0-9.+-]*[a-z0-9.+](?::(?:amd64|arm64|i386|armhf))?$/,
  pinned: (name, version) => `${name}=${version}`,
  elsewhere: /^(?:-t|--target-release|--default-release|--snapshot)$/,
};
const NODE: Omit<Row, "actions"> = {
  index: "npm",
  plain: /^(?:@[\w.-]+\/)?[A-Za-z0-9][\w.-]*$/,
  pinned: (name, version) => `${name}@${version}`,
  elsewhere: /^--(?:registry|tag|before)$/,
};
const PYTHON: Omit<Row, "actions"> = {
  index: "pip",
  plain: /^[A-Za-z0-9][\w.-]*(?:\[[\w,.-]+\])?$/,
  pinned: (name, version) => `${name}==${version}`,
  elsewhere:
    /^(?:-i|--index-url|--extra-index-url|--index|--default-index|-f|--find-links|--no-index|--pre|-c|--constraint|--constraints|-e|--editable|--python-version|--platform)$/,
};
const ROWS: Readonly<Partial<Record<PackageCall["manager"], Row>>> = {
  "apt-get": APT,
  apt: APT,
  apk: {
    index: "apk",
    actions: /^add$/,
    plain: /^[A-Za-z0-9][\w.+-]*$/,
    pinned: (name, version) => `${name}=${version}`,
    elsewhere: /^(?:-X|--repository|--repositories-file)$/,
  },
  pip: { ...PYTHON, actions: /^install$/ },
  "uv pip": { ...PYTHON, actions: /^install$/ },
  npm: { ...NODE, actions: /^(?:install|i|in|add)$/ },
  yarn: { ...NODE, actions: /^(?:add|global)$/ },
  pnpm: { ...NODE, actions: /^(?:add|install|i)$/ },
  bun: { ...NODE, actions: /^(?:add|a|install|i)$/ },
  gem: {
    index: "gem",
    actions: /^install$/,
    plain: /^[A-Za-z0-9][\w.-]*$/,
    pinned: (name, version) => `${name}:${version}`,
    elsewhere: /^(?:-v|--version|-s|--source|--pre|--prerelease)$/,
  },
};
const RPM = /^(?:dnf5?|yum|microdnf|tdnf|zypper)$/;

export const pinPackages: Refactoring = {
  id: "pin-packages",
  about: "pin packages to the versions of today, which their indexes are asked for",
  safety: "unsafe",
  why: "The same versions are installed as without it, today; Debian, Ubuntu and Alpine take a version away as soon as there is a newer one, and the build then fails until somebody raises the number.",
  everywhere: true,
  downloads: true,
  offers: (dockerfile, at, lookup) =>
    instructionsNamed(dockerfile, at, "RUN").flatMap((run) => offersFor(dockerfile, run, lookup)),
};

interface Loose {
  readonly row: Row;
  readonly call: PackageCall;
  readonly word: ShellWord;
}

function offersFor(dockerfile: Dockerfile, run: Instruction, lookup: Lookup): readonly Offer[] {
  const calls = packageCalls(dockerfile, run);
  const loose = calls.flatMap((call) => looseIn(call));
  const [first] = loose;
  const base = { kind: "refactor.rewrite", span: run.span } as const;
  if (!first) {
    const rpm = calls.find(({ manager, action }) => RPM.test(manager) && /^(?:install|in)$/.test(action.value));
    if (!rpm || !rpm.operands.some(({ literal, value }) => literal && /^[A-Za-z][\w+-]*$/.test(value))) return [];
    const refusal = `the repositories of ${rpm.manager} are behind lists of mirrors and subscriptions, which nothing here reads`;
    return [{ ...base, title: "Pin packages to the versions of today", refusal, rewrite: () => ({ refusal }) }];
  }
  const title = `Ask ${listed([...new Set(loose.map(({ row }) => INDEXES[row.index]))])} for the versions of today and pin ${listed(loose.map(({ word }) => word.value))}`;
  if (run.json) return [{ ...base, title, refusal: JSON_FORM, rewrite: () => ({ refusal: JSON_FORM }) }];
  return [{ ...base, title, rewrite: () => pinned(dockerfile, run, loose, lookup) }];
}

const JSON_FORM = "the JSON form runs one program without a shell: write the RUN in shell form first";

const INDEXES: Readonly<Record<PackageManager, string>> = {
  apt: "the distribution",
  apk: "Alpine",
  pip: "PyPI",
  npm: "npm's registry",
  gem: "RubyGems",
};

/** `npm install --prefix app`, `gem install -v 1`, what `xargs` installs and the like are left alone. */
function looseIn(call: PackageCall): readonly Loose[] {
  const row = ROWS[call.manager];
  const isGlobal = call.manager === "yarn" && call.action.value === "global";
  if (!row || call.hidden || !row.actions.test(call.action.value) || (isGlobal && call.operands[0]?.value !== "add"))
    return [];
  if (call.options.some(({ name }) => row.elsewhere.test(name))) return [];
  return call.operands
    .slice(isGlobal ? 1 : 0)
    .filter(({ literal, value }) => literal && row.plain.test(value) && !isNoPackage(value))
    .map((word) => ({ row, call, word }));
}

/** Files, and the values of switches. */
const isNoPackage = (value: string): boolean =>
  /\.(?:deb|apk|rpm|whl|gem|tgz|txt|zip|tar|gz)$/.test(value) || value === "true" || value === "false";

function pinned(dockerfile: Dockerfile, run: Instruction, loose: readonly Loose[], lookup: Lookup): Rewrite | Refusal {
  const edits: Edit[] = [];
  /** Packages that stay as they are, by the reason. */
  const kept = new Map<string, string[]>();
  const keep = (name: string, reason: string): void => void kept.set(reason, [...(kept.get(reason) ?? []), name]);
  let waiting = false;
  const places = new Map<PackageManager, Within>();
  for (const { row, word } of loose) {
    const within = places.get(row.index) ?? withinOf(dockerfile, run, row.index, lookup);
    places.set(row.index, within);
    if (within.is === "waiting") waiting = true;
    else if (within.is === "refused") keep(word.value, within.reason);
    else {
      const answer = lookup(questionFor(row, word, within.text));
      const version = known(answer);
      if (answer === undefined) waiting = true;
      else if (version === undefined) keep(word.value, typeof answer === "string" ? answer : answer.unknown);
      else {
        edits.push(replace(word.span, withQuotes(word, row.pinned(word.value, version))));
        if (row.index === "apt" && /\+b\d+$/.test(version))
          keep(`${word.value}=${version}`, "it was built once more for this processor, and others may not have it");
      }
    }
  }
  if (waiting) return { refusal: "the versions are known only once their indexes are asked" };
  const left = [...kept].map(([reason, names]) => `${listed([...new Set(names)])}: ${reason}`);
  if (edits.length === 0) return { refusal: left.join("; ") };
  return { edits, declared: declaredBy(dockerfile, edits), ...(left.length > 0 && { left }) };
}

/** `uvicorn[standard]` is a package with an extra, `curl:arm64` one for another processor: the index has neither in its names. */
const questionFor = ({ index }: Row, { value }: ShellWord, within: string): Question => ({
  ask: "package-version",
  manager: index,
  name: index === "npm" ? value : value.replace(/\[.*$|:.*$/, ""),
  within,
});

/** A word in quotes stays in quotes; a bracket would be a pattern without them. */
function withQuotes({ text, value }: ShellWord, written: string): string {
  const [quote = ""] = /^["']/.exec(text) ?? [];
  if (quote !== "" && text === `${quote}${value}${quote}`) return `${quote}${written}${quote}`;
  return /[^\w@%+=:,./~-]/.test(written) ? `'${written}'` : written;
}

type Within =
  | { readonly is: "known"; readonly text: string }
  | { readonly is: "waiting" }
  | { readonly is: "refused"; readonly reason: string };

const refused = (reason: string): Within => ({ is: "refused", reason });

/** What decides, besides its name, which version of a package is installed. */
function withinOf(dockerfile: Dockerfile, run: Instruction, index: PackageManager, lookup: Lookup): Within {
  const stage = dockerfile.stages[run.stage];
  const base = stage && rootBase(dockerfile, stage);
  if (!stage || base?.kind !== "image") return refused("which image the stage is built on is not known");
  if (index === "npm")
    return isPrivate(dockerfile, stage, run, NPM_SOURCES)
      ? refused("the file names a registry of its own")
      : { is: "known", text: "" };
  if (index === "pip" || index === "gem") {
    const language = index === "pip" ? "python" : "ruby";
    if (isPrivate(dockerfile, stage, run, LANGUAGE_SOURCES[index]))
      return refused("the file names an index of its own");
    const version = languageVersion(base.reference, language);
    if (version !== undefined) return { is: "known", text: version };
    return refused(`the image's tag does not say which ${language === "python" ? "Python" : "Ruby"} is in it`);
  }
  if (isPrivate(dockerfile, stage, run, SYSTEM_SOURCES))
    return refused("the file adds repositories of its own, and the package may come from there");
  const platform = platformOf(dockerfile, stage);
  if (platform === undefined) return refused("a variable decides for which processor it is");
  const release = releaseIn(base.reference, lookup);
  if ("is" in release) return release;
  const family = familyUnder(dockerfile, stage);
  if ((release.system === "alpine") !== (index === "apk") && family !== undefined)
    return refused(`the image is ${release.system}, which has no ${index}`);
  const architecture = architectureOf(platform, release);
  if (architecture === undefined) return refused(`${release.system} has no repositories for ${platform}`);
  return {
    is: "known",
    text:
      release.system === "alpine"
        ? `${release.name} ${architecture}`
        : `${release.system} ${release.name} ${architecture}`,
  };
}

function releaseIn(reference: string, lookup: Lookup): Release | Within {
  const said = releaseOf(reference);
  if (said) return said;
  const answer = lookup({ ask: "distribution", image: reference });
  if (answer === undefined) return { is: "waiting" };
  if (typeof answer !== "string") return refused(answer.unknown);
  const [, system, name] = /^(debian|ubuntu|alpine) ([\w.]+)$/.exec(answer) ?? [];
  return (system === "debian" || system === "ubuntu" || system === "alpine") && name !== undefined
    ? { system, name }
    : refused(`${reference} is ${answer}, whose repositories are not known here`);
}

/** Where nothing says another one, as most images are built. */
function platformOf(dockerfile: Dockerfile, stage: Stage): string | undefined {
  const written = stage.platform?.value?.text;
  if (written === undefined) return "linux/amd64";
  if (/^["']?\$\{?(?:BUILD|TARGET)PLATFORM\}?["']?$/.test(written)) return "linux/amd64";
  const { text, known: isKnown } = expandIn(dockerfile, stage.from, written);
  return isKnown ? text : undefined;
}

const SYSTEM_SOURCES =
  /sources\.list|add-apt-repository|apt-add-repository|nodesource|extrepo|\/etc\/apk\/repositories|preferences\.d|packagecloud|apt-key\b|setup_\d+\.x|snapshot\.debian\.org|old-releases|archive\.debian\.org|packages-microsoft-prod|(?:release|apt-config|repo)[\w.+-]*\.deb|\|\s*(?:sudo (?:-E )?)?(?:ba)?sh\b/;
const NPM_SOURCES = /\bregistry\b|\.npmrc|\.yarnrc|verdaccio/i;
const LANGUAGE_SOURCES: Readonly<Record<"pip" | "gem", RegExp>> = {
  pip: /index[-_.]url|find[-_]links|pip\.conf|PIP_INDEX|UV_INDEX/i,
  gem: /gem sources|\.gemrc|BUNDLE_MIRROR/i,
};

/** Somebody has said where packages come from: in this RUN or an earlier one, by a variable, or by a file that is copied. */
const isPrivate = (dockerfile: Dockerfile, stage: Stage, run: Instruction, words: RegExp): boolean =>
  words.test(dockerfile.text.slice(run.span.start, run.span.end)) ||
  saidBefore(dockerfile, run, words) ||
  lineageInstructions(dockerfile, stage).some(
    ({ name, args, stage: at, index }) =>
      (at !== run.stage || index < run.index) && /^(?:COPY|ADD|ENV|ARG)$/.test(name) && words.test(args.text),
  );
