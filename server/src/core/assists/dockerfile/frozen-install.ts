/** Installs that leave their lock file → such as keep to it, where the two agree. */
import { folderOfCommand, originOf } from "../../model/dockerfile/context-files.ts";
import { inFolder, type LockedInstall, lockedInstalls, originBeside } from "../../model/dockerfile/lock-files.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { hasOption, type PackageCall, packageCalls } from "../../model/dockerfile/packages.ts";
import { ignoredBy } from "../../model/ignore.ts";
import { readBunLock } from "../../model/project/bun-lock.ts";
import { agreementOf, type NodeLock } from "../../model/project/node-lock.ts";
import { readNpmLock } from "../../model/project/npm-lock.ts";
import { readPackageJson } from "../../model/project/package-json.ts";
import { readPnpmLock } from "../../model/project/pnpm-lock.ts";
import { readRequirements } from "../../model/project/requirements.ts";
import { readYarnLock } from "../../model/project/yarn-lock.ts";
import { known } from "../../rule.ts";
import { insert } from "../../text/edit.ts";
import { isRefusal, type Lookup, type Offer, type Refactoring, type Refusal } from "./assist.ts";
import { declaredBy } from "./declared-edits.ts";
import { frozenFix, isDeleted, looseInstall } from "./frozen-fix.ts";
import { ignoreFile } from "./ignored.ts";
import { instructionsNamed, listed } from "./places.ts";

export const frozenInstall: Refactoring = {
  id: "frozen-install",
  about: "install exactly what the lock file says: npm ci, --frozen-lockfile, --locked, --require-hashes",
  safety: "unsafe",
  why: "The build stops where it went on before, when manifest and lock file do not agree, and npm ci deletes a node_modules that is there already.",
  everywhere: true,
  offers: (dockerfile, at, lookup) =>
    instructionsNamed(dockerfile, at, "RUN").flatMap((run) => [
      ...lockedInstalls(dockerfile)
        .filter((install) => install.run.index === run.index && !install.run.triggered)
        .flatMap((install) => offerFor(dockerfile, run, install, lookup)),
      ...packageCalls(dockerfile, run).flatMap((call) => hashesOffer(dockerfile, run, call, lookup)),
    ]),
};

function offerFor(dockerfile: Dockerfile, run: Instruction, install: LockedInstall, lookup: Lookup): readonly Offer[] {
  const loose = looseInstall(dockerfile, install);
  const origins = install.locks.flatMap((name) => originBeside(dockerfile, install, name) ?? []);
  if (!loose || !origins.some(({ kind }) => kind !== "hidden")) return [];
  const { fixes: [fix] = [], refusal = "nothing is left to change" } = frozenFix(dockerfile, install, loose);
  const common = { kind: "refactor.rewrite", span: run.span } as const;
  if (!fix)
    return [
      {
        ...common,
        title: `Install what the lock file says, in ${install.label}`,
        refusal,
        rewrite: () => ({ refusal }),
      },
    ];
  const title = `${fix.title}: install exactly what the lock file says`;
  return [
    {
      ...common,
      title,
      rewrite() {
        const left = lockFor(dockerfile, install, lookup);
        return isRefusal(left)
          ? left
          : { edits: fix.edits, declared: declaredBy(dockerfile, fix.edits), ...(left.length > 0 && { left }) };
      },
    },
  ];
}

const NOT_YET: Refusal = { refusal: "what is in the build context is not known yet" };

/** Remarks about the lock file there is, or why there is none to keep to. */
function lockFor(dockerfile: Dockerfile, install: LockedInstall, lookup: Lookup): readonly string[] | Refusal {
  const places = install.locks.flatMap((name) => {
    const origin = originBeside(dockerfile, install, name);
    return origin && origin.kind !== "hidden"
      ? [{ name, path: origin.path, is: lookup({ ask: "exists", path: origin.path }) }]
      : [];
  });
  const there = places.find(({ is }) => is === "yes");
  const ignore = ignoreFile(dockerfile, lookup);
  if (!there && places.some(({ is }) => is === undefined)) return NOT_YET;
  if (!there) return { refusal: `the build context has no ${install.locks.join(" and no ")}` };
  if (isDeleted(dockerfile, install, there.name)) return { refusal: `${there.name} is deleted before the install` };
  if (typeof ignore === "string") return { refusal: ignore };
  if (ignore && ignoredBy(ignore, there.path))
    return { refusal: `an ignore file keeps ${there.path} out of the build` };
  const reader = LOCKS[there.name];
  return reader ? agreement(dockerfile, install, there, reader, lookup) : [];
}

const LOCKS: Readonly<Record<string, (text: string) => NodeLock | undefined>> = {
  "package-lock.json": readNpmLock,
  "npm-shrinkwrap.json": readNpmLock,
  "yarn.lock": readYarnLock,
  "pnpm-lock.yaml": readPnpmLock,
  "bun.lock": readBunLock,
};

function agreement(
  dockerfile: Dockerfile,
  install: LockedInstall,
  { name, path }: { readonly name: string; readonly path: string },
  read: (text: string) => NodeLock | undefined,
  lookup: Lookup,
): readonly string[] | Refusal {
  const manifest = originBeside(dockerfile, install, install.manifest);
  if (!manifest || manifest.kind === "hidden") return { refusal: `where ${install.manifest} comes from is not known` };
  const texts = [manifest.path, path].map((each) => lookup({ ask: "read", path: each }));
  if (texts.includes(undefined)) return NOT_YET;
  const [project, lock] = texts.map(known);
  const parsed = project === undefined ? undefined : readPackageJson(project);
  const locked = lock === undefined ? undefined : read(lock);
  if (!parsed || !locked) return { refusal: `${parsed ? path : manifest.path} cannot be read` };
  const { inSync, differing } = agreementOf(parsed, locked);
  if (inSync === false)
    return {
      refusal: `${name} does not have what ${install.manifest} asks for (${listed(differing)}): install once where they are kept`,
    };
  return inSync ? [] : [`whether ${name} and ${install.manifest} agree cannot be told from the two alone`];
}

/** `pip install -r` of a file that has hashes for all: one without any would be let in otherwise when nobody looks. */
function hashesOffer(dockerfile: Dockerfile, run: Instruction, call: PackageCall, lookup: Lookup): readonly Offer[] {
  if ((call.manager !== "pip" && call.manager !== "uv pip") || call.action.value !== "install" || call.hidden)
    return [];
  if (hasOption(call, "--require-hashes", "-e", "--editable") || call.operands.length > 0) return [];
  const files = call.options.filter(({ name }) => name === "-r" || name === "--requirement");
  if (
    files.length === 0 ||
    files.some(({ value, word }) => value === undefined || !word.literal || value.includes(":"))
  )
    return [];
  const wanted = files.map(({ value = "" }) => value);
  if (hashed(dockerfile, call, wanted, lookup) === "none") return [];
  const option = "--require-hashes";
  const edit = insert(call.action.span.end, call.instruction.json ? `, "${option}"` : ` ${option}`);
  return [
    {
      kind: "refactor.rewrite",
      title: `Add ${option} to ${call.manager} install`,
      span: run.span,
      rewrite() {
        const found = hashed(dockerfile, call, wanted, lookup);
        if (found === "none") return { refusal: "none of the requirements has a hash" };
        return found ?? { edits: [edit], declared: declaredBy(dockerfile, [edit]) };
      },
    },
  ];
}

/** Why it cannot be: the first requirement without a hash, or a file nobody can read; `none` where nobody has thought of hashes. */
function hashed(
  dockerfile: Dockerfile,
  call: PackageCall,
  files: readonly string[],
  lookup: Lookup,
): Refusal | "none" | undefined {
  const folder = folderOfCommand(dockerfile, call.instruction, call.command);
  const waiting = files.map((value) =>
    value.startsWith("/") ? value : folder && inFolder(folder, value.replace(/^\.\//, "")),
  );
  const seen = new Set<string>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const origin = originOf(dockerfile, call.instruction, path);
    if (!origin || origin.kind === "hidden") return { refusal: `where ${path} comes from is not known` };
    const answer = lookup({ ask: "read", path: origin.path });
    if (answer === undefined) return NOT_YET;
    if (typeof answer !== "string") return { refusal: `${origin.path} is not known: ${answer.unknown}` };
    const { requirements, includes, hashed: some } = readRequirements(answer);
    if (!some && requirements.length > 0) return "none";
    const bare = requirements.find(({ hashes }) => hashes === 0);
    if (bare) return { refusal: `${origin.path} has no hash for ${bare.name ?? bare.path ?? "one of its lines"}` };
    for (const each of includes) waiting.push(`${path.slice(0, path.lastIndexOf("/"))}/${each.replace(/^\.\//, "")}`);
  }
  return seen.size === 0 ? { refusal: "the folder it runs in is not known" } : undefined;
}
