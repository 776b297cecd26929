/** A secret in ARG or ENV → a secret mount in the RUN that uses it: the fix of secret-in-arg-env, and the refactoring that a person asks for. */
import { builderAt } from "../../model/dockerfile/caches.ts";
import { frontendOf, whyMissing } from "../../model/dockerfile/frontend.ts";
import type { Dockerfile, Instruction, Pair, Stage } from "../../model/dockerfile/model.ts";
import { removePair } from "../../model/dockerfile/removal.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { isPosixShell, scriptsOf } from "../../model/dockerfile/shell.ts";
import { finalStage, lineage } from "../../model/dockerfile/stages.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { harmlessKind, isSecretName } from "../../model/secret-names.ts";
import { type Fix, unsafeFix } from "../../rule.ts";
import { type Edit, insert } from "../../text/edit.ts";
import type { Offer, Refactoring } from "./assist.ts";
import type { Declared } from "../post-conditions/declared.ts";
import { declaredBy } from "./declared-edits.ts";
import { instructionsNamed } from "./places.ts";

export const secretMount: Refactoring = {
  id: "secret-mount",
  about: "give secrets in ARG and ENV to the RUNs that use them, as secret mounts",
  safety: "unsafe",
  why: "The build then wants --secret id=NAME in place of --build-arg NAME=…; offered only where every use is a RUN of the same stage.",
  everywhere: true,
  offers: (dockerfile, at) =>
    instructionsNamed(dockerfile, at, "ARG", "ENV").flatMap((instruction) =>
      instruction.pairs.flatMap((pair) => offerFor(dockerfile, instruction, pair)),
    ),
};

function offerFor(dockerfile: Dockerfile, instruction: Instruction, pair: Pair): readonly Offer[] {
  const name = unquote(pair.key.text);
  if (!isSecretName(name) || !/^\w+$/.test(name)) return [];
  const { text, known } = expandIn(dockerfile, instruction, pair.value?.text ?? "");
  const value = pair.value && unquote(known ? text : pair.value.text, dockerfile.escape);
  if (harmlessKind(name, value) !== undefined) return [];
  const fix = secretMountFix(dockerfile, instruction, pair, name);
  const common = { kind: "refactor.rewrite", span: instruction.span } as const;
  const left = [`the build wants --secret id=${name},env=${name} from now on`];
  return typeof fix === "string"
    ? [{ ...common, title: `Mount ${name} as a secret`, refusal: fix, rewrite: () => ({ refusal: fix }) }]
    : [
        {
          ...common,
          title: fix.title,
          rewrite: () => ({ edits: fix.edits, left, declared: declaredFor(dockerfile, instruction, pair, fix.edits) }),
        },
      ];
}

const declaredFor = (
  dockerfile: Dockerfile,
  instruction: Instruction,
  { span, key }: Pair,
  edits: readonly Edit[],
): Declared => {
  const inRuns = declaredBy(dockerfile, edits);
  const dropped = `${instruction.name} ${dockerfile.text.slice(span.start, span.end)}`;
  return { ...inRuns, dropped: [...inRuns.dropped, dropped], environment: [unquote(key.text)] };
};

/** The edit that hands the secret to each RUN that names it, or why that cannot be done. */
export function secretMountFix(
  dockerfile: Dockerfile,
  instruction: Instruction,
  pair: Pair,
  name: string,
): Fix | string {
  const stage = dockerfile.stages[instruction.stage];
  if (instruction.triggered) return "the builds that ONBUILD runs in decide where it is used";
  if (!stage) return "it stands before FROM: declare nothing there, and mount the secret in the stage that needs it";
  if (instruction.name === "ENV" && finalStage(dockerfile) && ships(dockerfile, stage))
    return "the program may read it when it runs: set it when the container starts, with docker run -e or a compose secret";
  const missing = whyMissing(frontendOf(dockerfile), { since: "1.2" });
  if (missing !== undefined) return `a secret cannot be mounted: ${missing}`;
  const uses = usesOf(dockerfile, stage, instruction, name);
  const other = uses.find(({ name: user, stage: at }) => user !== "RUN" || at !== stage.index);
  if (other)
    return other.stage === stage.index
      ? `${other.name} uses it too, and only RUN can take a secret`
      : "a later stage that is built on this one uses it too";
  if (uses.length === 0) return "no RUN of the stage names it, so it is not known which one needs it";
  if (uses.some((run) => run.flags.some((flag) => mountsAs(flag.fields, name))))
    return "a RUN mounts a secret of that name already";
  const noVariable = whyMissing(frontendOf(dockerfile), { since: "1.10" });
  const mounts = uses.map((run) =>
    noVariable === undefined ? asVariable(run, name) : fromFile(dockerfile, run, name),
  );
  if (mounts.includes(undefined))
    return `a secret cannot be mounted as a variable (${noVariable ?? ""}), and the RUN is no script that could read it from a file`;
  return unsafeFix(
    `Mount ${name} as a secret in the RUN that uses it`,
    removePair(dockerfile, instruction, pair),
    ...mounts.flatMap((edits) => edits ?? []),
  );
}

const asVariable = ({ keyword }: Instruction, name: string): readonly Edit[] => [
  insert(keyword.span.end, ` --mount=type=secret,id=${name},env=${name}`),
];

/** Frontends before 1.10 mount a file: the script reads it into the variable before anything else. */
function fromFile(dockerfile: Dockerfile, run: Instruction, name: string): readonly Edit[] | undefined {
  const builder = builderAt(dockerfile, run);
  const [script, ...others] = scriptsOf(dockerfile, run);
  const [first] = script?.lists ?? [];
  if (
    !builder ||
    !script ||
    others.length > 0 ||
    script.broken ||
    script.heredoc ||
    !isPosixShell(script.shell) ||
    !first
  )
    return undefined;
  if (first.background || first.members.some(({ joinedBy }) => joinedBy === "||")) return undefined;
  return [
    // The file is its owner's alone.
    insert(run.keyword.span.end, ` --mount=type=secret,id=${name}${builder.owner}`),
    insert(first.span.start, `${name}="$(cat /run/secrets/${name})" && export ${name} && `),
  ];
}

/** Whether the stage is in the image that a plain build makes. */
const ships = (dockerfile: Dockerfile, stage: Stage): boolean => {
  const final = finalStage(dockerfile);
  return final !== undefined && lineage(dockerfile, final).includes(stage);
};

/** The instructions that name the variable, in the stage and in those built on it. Anything but a RUN counts if it expands it. */
function usesOf(dockerfile: Dockerfile, stage: Stage, declared: Instruction, name: string): readonly Instruction[] {
  const word = new RegExp(`(?<![A-Za-z0-9_])${escaped(name)}(?![A-Za-z0-9_])`);
  return dockerfile.stages
    .filter((each) => lineage(dockerfile, each).includes(stage))
    .flatMap(({ instructions }) => instructions)
    .filter((each) => each !== declared && word.test(dockerfile.text.slice(each.span.start, each.span.end)));
}

const mountsAs = (fields: readonly { readonly key: string; readonly value?: string }[], name: string): boolean =>
  fields.some(({ key, value }) => (key === "env" || key === "id") && value === name);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
