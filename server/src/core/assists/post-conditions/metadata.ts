/** The image's configuration: of the last stage, and of every stage that people can build by its name. */
import { familyByName, knownBase } from "../../model/dockerfile/bases.ts";
import { environmentAt } from "../../model/dockerfile/environment.ts";
import { isRoot, lastOf } from "../../model/dockerfile/facts.ts";
import { FROM_SCRATCH, type Inherited, inheritedFrom } from "../../model/dockerfile/flow/inherited.ts";
import { flowOf } from "../../model/dockerfile/flow/walk.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { expandIn, scopeAt } from "../../model/dockerfile/scope.ts";
import { finalStage, lineage, lineageInstructions, rootBase, stageNamed } from "../../model/dockerfile/stages.ts";
import { expand, type Value } from "../../model/dockerfile/variables.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { parseImageRef } from "../../model/image-ref.ts";
import type { Condition, Declared, Setting } from "./declared.ts";
import { said } from "./units.ts";

export const metadata: Condition<Pick<Declared, "changes" | "environment">> = (before, after, declared) => {
  const last = finalStage(before);
  const now = finalStage(after);
  if (!last || !now) return [];
  const names = before.stages.map(({ name }) => name?.text.toLowerCase());
  const named = before.stages.flatMap((stage, at) => {
    const name = names[at];
    // What is built by a name that two stages have depends on who builds it.
    const isOnly = names.indexOf(name) === at && names.lastIndexOf(name) === at;
    const same = stage === last || name === undefined || !isOnly ? undefined : stageNamed(after, name);
    return same && same !== now ? [[stage, same] as const] : [];
  });
  const reasons = [[last, now] as const, ...named].flatMap(([one, other]) =>
    differences(configurationOf(before, one), configurationOf(after, other), declared),
  );
  return [...new Set(reasons)];
};

interface Configuration {
  /** One value each, as text. */
  readonly single: ReadonlyMap<Setting, string>;
  readonly environment: ReadonlyMap<string, string>;
}

function differences(
  one: Configuration,
  other: Configuration,
  { changes, environment = [] }: Pick<Declared, "changes" | "environment">,
): readonly string[] {
  const may = new Set<string>(changes);
  const reasons = [...one.single].flatMap(([setting, value]) => {
    const now = other.single.get(setting) ?? "";
    if (now === value || may.has(setting)) return [];
    return [
      now === ""
        ? `the image would lose its ${setting} ${value}`
        : `${setting} would be ${now}${value === "" ? "" : ` instead of ${value}`}`,
    ];
  });
  if (may.has("ENV")) return reasons;
  for (const [name, value] of one.environment) {
    const now = other.environment.get(name);
    if (now === value || environment.includes(name)) continue;
    reasons.push(
      now === undefined
        ? `the image would lose the variable ${name}`
        : `the variable ${name} would be ${now} instead of ${value}`,
    );
  }
  return reasons;
}

function configurationOf(dockerfile: Dockerfile, stage: Stage): Configuration {
  const instructions = lineageInstructions(dockerfile, stage);
  const base = baseOf(dockerfile, stage);
  const last = (name: string): string => {
    const instruction = lastOf(dockerfile, stage, name);
    return instruction ? said(instruction) : "";
  };
  const list = (name: string, read: (instruction: Instruction) => readonly string[]): readonly string[] =>
    instructions.flatMap((each) => (each.name === name ? read(each) : []));
  const words = (instruction: Instruction): readonly string[] =>
    instruction.words.map(({ text }) =>
      instruction.json ? text : unquote(expandIn(dockerfile, instruction, text).text, dockerfile.escape),
    );
  const pairs = (name: string): ReadonlyMap<string, string> =>
    new Map(instructions.flatMap((each) => (each.name === name ? pairsOf(dockerfile, each, base) : [])));
  return {
    single: new Map<Setting, string>([
      ...startOf(dockerfile, stage, base),
      ["EXPOSE", sorted(list("EXPOSE", words).map((port) => port.toLowerCase().replace(/\/tcp$/, "")))],
      ["HEALTHCHECK", healthcheckOf(dockerfile, stage)],
      ["LABEL", sorted([...pairs("LABEL")].map(([name, value]) => `${name}=${value}`))],
      [
        "ONBUILD",
        list("ONBUILD", (each) => [each.trigger ? `${each.trigger.name} ${said(each.trigger)}` : said(each)]).join(
          "; ",
        ),
      ],
      ["SHELL", last("SHELL")],
      ["STOPSIGNAL", last("STOPSIGNAL")],
      ["USER", userOf(dockerfile, stage, base)],
      ["VOLUME", sorted([...base.inherited.volumes, ...list("VOLUME", words)])],
      ["WORKDIR", flowOf(dockerfile)[stage.index]?.end.folder ?? ""],
    ]),
    environment: pairs("ENV"),
  };
}

const sorted = (texts: readonly string[]): string => [...new Set(texts)].toSorted().join(" ");

function pairsOf(
  dockerfile: Dockerfile,
  instruction: Instruction,
  { inherited: { variables } }: Origin,
): readonly (readonly [string, string])[] {
  const scope = scopeAt(dockerfile, instruction);
  const { set } = environmentAt(dockerfile, instruction);
  const get = (name: string): Value =>
    !set.has(name) && Object.hasOwn(variables, name) ? variables[name] : scope.get(name);
  return instruction.pairs.map(({ key, value }) => {
    const text = value ? expand(value.text, get, dockerfile.escape).text : "";
    return [unquote(key.text, dockerfile.escape), unquote(text, dockerfile.escape)] as const;
  });
}

function healthcheckOf(dockerfile: Dockerfile, stage: Stage): string {
  const instruction = lastOf(dockerfile, stage, "HEALTHCHECK");
  if (!instruction) return "";
  const flags = instruction.flags.map(({ name, value }) => `${name}=${value?.text ?? ""}`).toSorted();
  return [...flags, said(instruction)].join(" ");
}

interface Origin {
  /** For what nobody knows of the image: the same repository has the same. */
  readonly name: string;
  readonly user: string;
  readonly inherited: Inherited;
}

function baseOf(dockerfile: Dockerfile, stage: Stage): Origin {
  const base = rootBase(dockerfile, stage);
  if (base.kind === "scratch") return { name: "scratch", user: "root", inherited: FROM_SCRATCH };
  const written = (lineage(dockerfile, stage)[0] ?? stage).image?.text ?? "";
  if (base.kind !== "image")
    return { name: `that of ${written}`, user: `that of ${written}`, inherited: inheritedFrom("") };
  const parsed = parseImageRef(base.reference);
  const name = `that of ${parsed.ok ? `${parsed.ref.domain}/${parsed.ref.path}` : written}`.replace(
    "docker.io/library/",
    "",
  );
  const user = knownBase(base.reference)?.user ?? (familyByName(base.reference) === undefined ? name : "root");
  return { name, user: user === "other" ? name : user, inherited: inheritedFrom(base.reference) };
}

function userOf(dockerfile: Dockerfile, stage: Stage, { user }: Origin): string {
  const instruction = lineageInstructions(dockerfile, stage).findLast(
    ({ name, args }) => name === "USER" && args.text !== "",
  );
  if (!instruction) return user;
  const { text } = expandIn(dockerfile, instruction, instruction.args.text);
  const named = unquote(text, dockerfile.escape);
  return isRoot(named.split(":")[0] ?? "") && !/:(?!root$|0$)/.test(named) ? "root" : named;
}

/** An ENTRYPOINT takes the CMD of the stages and images below it away (dispatchEntrypoint in BuildKit's convert.go). */
function startOf(
  dockerfile: Dockerfile,
  stage: Stage,
  { inherited, name }: Origin,
): readonly (readonly [Setting, string])[] {
  const entrypoint = lastOf(dockerfile, stage, "ENTRYPOINT");
  const cmd = lastOf(dockerfile, stage, "CMD");
  const own = cmd && entrypoint && cmd.stage < entrypoint.stage ? undefined : cmd;
  const handed = (words: readonly string[] | undefined): string =>
    words === undefined ? name : words.length === 0 ? "" : JSON.stringify(words);
  return [
    ["ENTRYPOINT", entrypoint ? said(entrypoint) : handed(inherited.entrypoint)],
    ["CMD", own ? said(own) : entrypoint ? "" : handed(inherited.cmd)],
  ];
}
