/** A first process that starts others → tini in front of it, which passes signals on and collects the orphans. */
import type { Family } from "../../model/dockerfile/bases.ts";
import { baseImageOf, familyUnder, isRoot, lastOf, startedPrograms, usersOf } from "../../model/dockerfile/facts.ts";
import { inheritedFrom } from "../../model/dockerfile/flow/inherited.ts";
import { insertAbove, insertBelow, keywordLike } from "../../model/dockerfile/layout.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { rootBase } from "../../model/dockerfile/stages.ts";
import { systemCalls } from "../../model/dockerfile/system-packages.ts";
import { type Edit, insert } from "../../text/edit.ts";
import type { Rewritten } from "../post-conditions/declared.ts";
import { isRefusal, type Refactoring, type Refusal } from "./assist.ts";
import { instructionsAt, rewritten } from "./layout.ts";

export const addInit: Refactoring = {
  id: "add-init",
  about: "start the program behind tini, which passes signals on and collects orphaned processes",
  safety: "unsafe",
  why: "The program is no longer process 1, and the image gets the package tini of the base's distribution.",
  everywhere: true,
  offers(dockerfile, at) {
    const [instruction, ...others] = instructionsAt(dockerfile, at);
    const stage = instruction && dockerfile.stages[instruction.stage];
    if (!instruction || !stage || others.length > 0) return [];
    const start = lastOf(dockerfile, stage, "ENTRYPOINT") ?? lastOf(dockerfile, stage, "CMD");
    if (start !== instruction || !startsOthers(dockerfile, stage)) return [];
    const made = withInit(dockerfile, stage, start);
    return [
      {
        title: "Start it behind tini",
        kind: "refactor.rewrite",
        span: instruction.span,
        ...(isRefusal(made) && made),
        rewrite: () =>
          isRefusal(made)
            ? made
            : { edits: made.edits, declared: { dropped: [], changes: ["ENTRYPOINT"], rewritten: made.rewritten } },
      },
    ];
  },
};

const INIT = /^(?:tini|tini-static|dumb-init|catatonit|docker-init|s6-svscan|supervisord|init)$/;

/** Interpreters and shells: what they run may start processes, and none of them collects the children of those. */
const MAY_START =
  /^(?:(?:ba|da|a|z)?sh|node|npm|npx|yarn|pnpm|bun|deno|python[\d.]*|ruby|bundle|rails|perl|php)$|\.(?:sh|bash|js|py|rb)$/;

function startsOthers(dockerfile: Dockerfile, stage: Stage): boolean {
  const programs = startedPrograms(dockerfile, stage);
  return programs.some((program) => MAY_START.test(program)) && !programs.some((program) => INIT.test(program));
}

interface Package {
  readonly path: string;
  /** The lines of a RUN that installs it. */
  readonly lines: readonly string[];
}

/** Where the distributions have it (Debian and Ubuntu: tini; Alpine: community). */
const PACKAGES: Readonly<Partial<Record<Family, Package>>> = {
  debian: {
    path: "/usr/bin/tini",
    lines: ["apt-get update", "&& apt-get install -y --no-install-recommends tini", "&& rm -rf /var/lib/apt/lists/*"],
  },
  alpine: { path: "/sbin/tini", lines: ["apk add --no-cache tini"] },
};

interface Made {
  readonly edits: readonly Edit[];
  /** The command that installs it as well. */
  readonly rewritten: readonly Rewritten[];
}

function withInit(dockerfile: Dockerfile, stage: Stage, start: Instruction): Made | Refusal {
  const family = familyUnder(dockerfile, stage);
  if (family === undefined) return { refusal: "it is not known of which distribution the base image is" };
  const tini = PACKAGES[family];
  if (!tini) return { refusal: "the distribution of the base image has no package tini" };
  const entry = entrypointEdit(dockerfile, stage, start, tini);
  if (isRefusal(entry)) return entry;
  const installed = installEdit(dockerfile, stage, tini);
  return isRefusal(installed) ? installed : { ...installed, edits: [...installed.edits, entry] };
}

function entrypointEdit(dockerfile: Dockerfile, stage: Stage, start: Instruction, { path }: Package): Edit | Refusal {
  if (start.name === "ENTRYPOINT") {
    const [first] = start.json?.elements ?? [];
    if (!first) return { refusal: "an ENTRYPOINT in shell form has a shell in front: use the exec form first" };
    return insert(first.span.start, `"${path}", "--", `);
  }
  const base = rootBase(dockerfile, stage);
  const above = base.kind === "image" ? inheritedFrom(base.reference).entrypoint : undefined;
  if (!above)
    return { refusal: "it is not known which ENTRYPOINT the base image has, and tini would stand in its place" };
  if (above.some((word) => INIT.test(word.slice(word.lastIndexOf("/") + 1))))
    return { refusal: "the ENTRYPOINT of the base image is an init already" };
  const words = [path, "--", ...above].map((word) => JSON.stringify(word)).join(", ");
  return insertAbove(dockerfile, start, [`${keywordLike(dockerfile, "ENTRYPOINT")} [${words}]`]);
}

/** Into the first list of packages the stage installs, or a RUN of its own directly below FROM. */
function installEdit(dockerfile: Dockerfile, stage: Stage, { lines }: Package): Made | Refusal {
  const calls = stage.instructions
    .filter(({ name, json }) => name === "RUN" && !json)
    .flatMap((instruction) => systemCalls(dockerfile, instruction))
    .filter(({ effect, verb }) => effect === "install" && /^(?:install|add)$/.test(verb.value));
  if (calls.some(({ packages }) => packages.some(({ value }) => value.split("=")[0] === "tini")))
    return { edits: [], rewritten: [] };
  const base = baseImageOf(dockerfile, stage);
  const usual = calls.find(({ packages, options, hidden }) => {
    const last = packages.at(-1);
    // `--virtual .build-deps` goes away again.
    return last?.literal && !hidden && !options.some(({ name }) => /^(?:-t|--virtual)$/.test(name));
  });
  const end = usual?.packages.at(-1)?.span.end;
  if (usual && end !== undefined) {
    const edit = insert(end, " tini");
    return { edits: [edit], rewritten: [rewritten(dockerfile, usual.command.span, edit)] };
  }
  if (
    base?.user === "other" ||
    usersOf(dockerfile, stage).some(
      ({ instruction, name }) => instruction.stage !== stage.index && name !== undefined && !isRoot(name),
    )
  )
    return { refusal: "the base image does not run as root, who installs packages" };
  const run = keywordLike(dockerfile, "RUN");
  const [first = "", ...rest] = lines;
  const text = [`${run} ${first}`, ...rest.map((line) => `    ${line}`)];
  const continued = text.map((line, at) => (at < text.length - 1 ? `${line} ${dockerfile.escape}` : line));
  return { edits: [insertBelow(dockerfile, stage.from, continued)], rewritten: [] };
}
