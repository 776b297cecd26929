import { allNamed } from "../../model/dockerfile/named.ts";
import { perDocument } from "../../model/dockerfile/memo.ts";
import type { Dockerfile, Instruction, Pair, Stage } from "../../model/dockerfile/model.ts";
import { removePair } from "../../model/dockerfile/removal.ts";
import { PLATFORM_ARGS, PREDEFINED_ARGS } from "../../model/dockerfile/scope.ts";
import { commandsOf } from "../../model/dockerfile/shell.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule, unsafeFix } from "../../rule.ts";
import type { Span } from "../../text/edit.ts";

/** Read by BuildKit itself, or by programs from their environment. */
const READ_BY_OTHERS =
  /^(?:BUILDKIT_|BUILDX_|DOCKER_|SOURCE_DATE_EPOCH$|DEBIAN_|DEBCONF_|APT_|DEBUG$|LANG$|LC_|TZ$|HOME$|USER$|TERM$|PATH$|CURL_|WGET|SSL_|GIT_|SHELL$|TMPDIR$|MAKEFLAGS$|CC$|CXX$|[A-Z]*FLAGS$)|CACHE_?BUST|(?:^|_)NO_?CACHE|^CACHE_?(?:DATE|BREAK|KEY|INVALIDATE)/i;

/** Programs that take nothing from the environment but what its own name says. */
const QUIET: ReadonlySet<string> = new Set(
  "apt-get apt apk dnf yum microdnf zypper mkdir rm cp mv ln ls cat echo printf touch chmod chown chgrp install useradd groupadd adduser addgroup usermod tar unzip gunzip curl wget sed grep cut tr sort head tail test [ true false cd set id dpkg rpm update-ca-certificates ldconfig locale-gen".split(
    " ",
  ),
);

export default defineRule({
  id: "unused-arg",
  summary: "ARG that nothing uses",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: [],
  why: `
Whoever builds sets it with \`--build-arg\` and believes it does something. An \`ARG\` above \`FROM\` is unused when no \`FROM\`, no stage and
no other \`ARG\` names it. In a stage every \`RUN\` has it in its environment, where a program may read it without the name being
in the file: it is only reported where nothing is run after it but programs that read no such names (package managers,
coreutils, curl). Arguments BuildKit reads itself, and names made to spoil the cache (\`CACHEBUST\`), are let off.`,
  fixSafety:
    "Unsafe: a build that gives the argument gets a warning that nothing took it, and something unseen may read it.",
  examples: [
    {
      bad: "ARG ALPINE=3.22\nARG NODE=22\nFROM alpine:$ALPINE\n",
      fixed: "ARG ALPINE=3.22\nFROM alpine:$ALPINE\n",
    },
    { bad: "FROM alpine:3.22\nARG VERSION=1\nCOPY . /srv\n", fixed: "FROM alpine:3.22\nCOPY . /srv\n" },
    { good: "FROM alpine:3.22\nARG VERSION=1\nRUN ./build.sh\n" },
  ],
  check({ dockerfile, report }) {
    for (const { arg, pair, name, user } of unusedArgs(dockerfile)) {
      report(pair.key.span, {
        message: `Nothing uses ${name}, whatever --build-arg gives it`,
        ...(user
          ? { refusal: `${user}, which nothing uses either, names it` }
          : { fixes: [unsafeFix(`Remove ARG ${name}`, removePair(dockerfile, arg, pair))] }),
      });
    }
  },
});

interface Declared {
  readonly arg: Instruction;
  readonly pair: Pair;
  readonly name: string;
}

interface Unused extends Declared {
  /** The unused ARG that names it. */
  readonly user: string | undefined;
}

/** From the last to the first: what only unused ones name is unused as well. */
const unusedArgs = perDocument((dockerfile): readonly Unused[] => {
  const unused: Unused[] = [];
  for (const declared of argsOf(dockerfile).toReversed()) {
    const { arg, name } = declared;
    // A name that cannot be one, or none at all, is argument-syntax's.
    if (!/^\w+$/.test(name)) continue;
    if (READ_BY_OTHERS.test(name) || PREDEFINED_ARGS.has(name)) continue;
    if (arg.stage === -1 ? PLATFORM_ARGS.has(name) : mayBeRead(dockerfile, arg)) continue;
    const named = namings(dockerfile, declared);
    const users = named.map((at) =>
      unused.find(({ arg: other, pair }) => other !== arg && at >= pair.span.start && at < pair.span.end),
    );
    if (users.every((user) => user !== undefined)) unused.push({ ...declared, user: users[0]?.name });
  }
  return unused.toReversed();
});

const argsOf = (dockerfile: Dockerfile): readonly Declared[] =>
  dockerfile.stages.length === 0
    ? []
    : allNamed(dockerfile, "ARG")
        .filter(({ triggered }) => !triggered)
        .flatMap((arg) => arg.pairs.map((pair) => ({ arg, pair, name: unquote(pair.key.text, dockerfile.escape) })));

/** Offsets where the name stands behind its declaration, wherever that is: a comment counts, too. */
function namings(dockerfile: Dockerfile, { arg, pair, name }: Declared): readonly number[] {
  const { text } = dockerfile;
  const sees = spansThatSee(dockerfile, arg);
  const found: number[] = [];
  const isWord = (at: number): boolean => /\w/.test(text.charAt(at));
  // ARG A=1 B=$A: the same instruction's later defaults see it.
  for (let at = text.indexOf(name, pair.span.end); at !== -1; at = text.indexOf(name, at + name.length))
    if (!isWord(at - 1) && !isWord(at + name.length) && sees.some(({ start, end }) => start <= at && at < end))
      found.push(at);
  // Declared again in the same place, which is no use of it.
  return found.filter(
    (at) =>
      !allNamed(dockerfile, "ARG").some(
        (other) =>
          !other.triggered &&
          other.stage === arg.stage &&
          other.pairs.some(({ key }) => key.span.start === at && key.text === name),
      ),
  );
}

/** The stage and those built on it; for a global ARG the rest of the file. */
function spansThatSee({ stages, text }: Dockerfile, arg: Instruction): readonly Span[] {
  const own = stages[arg.stage];
  if (!own) return [{ start: 0, end: text.length }];
  return builtOn(stages, own).map(({ span }) => span);
}

const builtOn = (stages: readonly Stage[], own: Stage): readonly Stage[] => {
  const found = new Set([own]);
  for (const stage of stages) {
    const parent = stage.base.kind === "stage" ? stages[stage.base.stage] : undefined;
    if (parent && found.has(parent)) found.add(stage);
  }
  return [...found];
};

/** A RUN behind it, in the stage or in one built on it, starts a program that may read it, or a trigger does some day. */
function mayBeRead(dockerfile: Dockerfile, arg: Instruction): boolean {
  const own = dockerfile.stages[arg.stage];
  if (!own) return true;
  return builtOn(dockerfile.stages, own).some(({ instructions }) =>
    instructions.some((each) => each.index > arg.index && (each.name === "ONBUILD" || runsOthers(dockerfile, each))),
  );
}

function runsOthers(dockerfile: Dockerfile, run: Instruction): boolean {
  if (run.name !== "RUN") return false;
  const commands = commandsOf(dockerfile, run);
  if (run.json || commands.length === 0) return true;
  return commands.some(({ name, assignments, nameWord }) =>
    nameWord === undefined ? assignments.length === 0 : name === undefined || !QUIET.has(name),
  );
}
