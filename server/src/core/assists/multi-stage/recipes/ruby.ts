/** Ruby: gems move as the folder they are installed to, to the same Ruby without compilers. */
import { everythingBelow, files, overlap } from "../../../model/dockerfile/flow/place.ts";
import { purposeOf } from "../../../model/dockerfile/flow/purposes.ts";
import type { Instruction } from "../../../model/dockerfile/model.ts";
import type { ShellCommand } from "../../../model/dockerfile/shell.ts";
import { readGemfileLock } from "../../../model/project/gemfile-lock.ts";
import { rubyNatives } from "../../../model/project/ruby-native.ts";
import { type BuildBase, buildBase, runtimeBase, slimTag } from "../base.ts";
import { lddBelow, librarySteps } from "../libraries.ts";
import {
  commandsNamed,
  installedPackages,
  lastCopy,
  ownerOf,
  startedBy,
  variable,
  workdir,
  writesOf,
} from "../look.ts";
import { type Carried, type Case, noBenefit, type Recipe, refused, type Side, type Verdict } from "../recipe.ts";

const GEMS = "/usr/local/bundle";

export const ruby: Recipe = {
  name: "Ruby",
  recognise(it) {
    const base = buildBase(it);
    const bundles = commandsNamed(it, /^(?:bundle|bundler)$/).filter(({ effect }) => effect.does === "dependencies");
    if (base?.name !== "ruby") {
      if (bundles.length === 0) return undefined;
      return refused("Ruby comes from somewhere else than the image ruby, and where its gems lie is not known");
    }
    if (bundles.length === 0) return noBenefit("no gems are installed with bundle install");
    return verdict(it, base, bundles.at(-1)?.effect.instruction ?? it.stage.from);
  },
};

function verdict(it: Case, base: BuildBase, last: Instruction): Verdict {
  const compilers = installedPackages(it).filter((name) => purposeOf(name) === "build" && !name.startsWith("git"));
  if (base.variant !== "full" && compilers.length === 0)
    return noBenefit(
      `${base.written} has no compiler, and none is left behind`,
      "a USER that is not root",
      "a cache mount for gems",
    );
  const image = base.variant === "full" ? slimTag(base) : base.written;
  if (image === undefined) return refused(`it is not known what the slim variant of ${base.written} is called`);
  const folder = workdir(it);
  if (folder === undefined || folder === "/")
    return refused("the folder of the application is not known, or is the root of the image");
  const started = startedBy(it).find(({ argv }) => argv.some((word) => word === "install"));
  if (started) return refused(`${started.by} installs gems when the container starts`);
  const runtime = runtimeBase(
    image,
    base.variant === "full"
      ? `the same Ruby on the same Debian as ${base.written}, without compilers and headers`
      : "the same image without the compilers that the file installs",
  );
  const builds = it.needs.answers.filter(({ effect }) => effect.does === "build");
  const at = builds.at(-1)?.effect.instruction ?? last;
  const inProject = gemsInProject(it);
  const whole = inProject || builds.length > 0 || isRails(it);
  const carried: Carried[] = [];
  if (!inProject) carried.push({ from: GEMS, to: GEMS, folder: true, at: last });
  const copied = lastCopy(it, at, folder);
  if (whole)
    carried.push({ from: folder, to: folder, folder: true, at: copied, writable: isRails(it), ...ownerOf(it, folder) });
  const libraries =
    runtime.packages === undefined
      ? undefined
      : librarySteps(it, runtime.packages, lddBelow(inProject ? folder : GEMS), loadedBy(it, base));
  return {
    is: "split",
    split: {
      ecosystem: isRails(it) ? "Ruby on Rails" : "Ruby",
      runtime,
      carried,
      ...(libraries && { buildEnd: libraries.build, head: libraries.runtime }),
      side: sideOf(it, whole ? folder : undefined),
      decisions: [
        {
          id: "files",
          what: whole
            ? `${inProject ? "" : `${GEMS} and `}${folder} are copied from the first stage`
            : `${GEMS} is copied from the first stage`,
          why: whole
            ? "commands of the build write into the application's folder, or a server writes there"
            : "gems are all that is built",
          doubtful: false,
          alternatives: [],
        },
      ],
    },
  };
}

/** What the full image has and gems start or load by name: no program tells of it. */
function loadedBy(it: Case, { variant }: BuildBase): readonly string[] {
  const lock = it.context.read("Gemfile.lock");
  const gems = variant === "full" && lock !== undefined ? readGemfileLock(lock)?.gems : undefined;
  if (!gems) return [];
  const there = new Set(installedPackages(it));
  const names = [...rubyNatives([...gems.keys()]).values()].flatMap(({ runs }) => runs);
  return [...new Set(names)].filter((name) => /^(?:imagemagick|git|libmagic1)$/.test(name) && !there.has(name));
}

/** Settings that put gems below the application. */
function gemsInProject(it: Case): boolean {
  const path = variable(it, "BUNDLE_PATH");
  if (path !== undefined && path !== GEMS) return true;
  if (variable(it, "BUNDLE_DEPLOYMENT") !== undefined && path === undefined) return true;
  return commandsNamed(it, /^(?:bundle|bundler)$/).some(({ effect }) => {
    const words = effect.command?.args.map(({ value }) => value).join(" ") ?? "";
    return /--path\b|--deployment\b|config (?:set )?(?:--\w+ )?(?:path|deployment)\b/.test(words);
  });
}

const isRails = (it: Case): boolean =>
  it.context.paths?.includes("config/application.rb") === true ||
  startedBy(it).some(({ argv }) => argv.some((word) => /(?:^|\/)(?:rails|puma|thrust)$/.test(word)));

/** `application`: the folder that is copied as a whole. */
const sideOf =
  (it: Case, application: string | undefined) =>
  (instruction: Instruction, command: ShellCommand | undefined): Side | undefined => {
    if (instruction.name === "COPY" || instruction.name === "ADD") {
      if (application === undefined) return "both";
      // `COPY entrypoint.sh /usr/bin/`
      const writes = writesOf(it, instruction);
      const own = files(everythingBelow(application));
      return writes.length > 0 && !writes.some((place) => overlap(place, own)) ? "both" : "build";
    }
    if (command && /^(?:bundle|bundler|gem|rails|rake|bootsnap|yarn|npm|pnpm)$/.test(command.name ?? ""))
      return "build";
    return undefined;
  };
