/** `dockwright/buildFacts` and `dockwright/newChecks`: what whoever builds a Dockerfile has to know about it. */
import { posix } from "node:path";
import { enabledRules } from "../../core/findings/settings.ts";
import { readBuilds } from "../../core/model/compose/uses-of-dockerfile.ts";
import type { Dockerfile, Flag, Instruction } from "../../core/model/dockerfile/model.ts";
import { parseDockerfile } from "../../core/model/dockerfile/parse.ts";
import { PLATFORM_ARGS, PREDEFINED_ARGS } from "../../core/model/dockerfile/scope.ts";
import { unquote } from "../../core/model/dockerfile/words.ts";
import type { Span } from "../../core/text/edit.ts";
import type { Lines } from "../../core/text/lines.ts";
import { toRange } from "../convert.ts";
import { invalidParams } from "../guard.ts";
import type { ArgFact, BuildFacts, InstructionFact, MountFact, ServiceFact, StageFact } from "../messages.ts";
import { fieldsOf, numberOf, stringOf } from "../read.ts";
import type { Opened, Session } from "../session.ts";

export async function buildFacts(session: Session, params: unknown, signal: AbortSignal): Promise<BuildFacts | null> {
  const uri = stringOf(fieldsOf(params)?.["uri"]);
  if (uri === undefined) throw invalidParams("The address of a Dockerfile is needed");
  const opened = await session.glance(uri);
  if (opened?.language !== "dockerfile") return null;
  return { ...factsIn(opened.text, opened.lines), services: await servicesOf(session, opened, signal) };
}

/** What the text alone says. */
export function factsIn(text: string, lines: Lines): Omit<BuildFacts, "services"> {
  const dockerfile = parseDockerfile(text);
  const lineOf = linesIn(lines);
  return {
    stages: dockerfile.stages.map((stage): StageFact => {
      const name = stage.name?.text;
      return { index: stage.index, ...(name && { name }), base: stage.image?.text ?? "", ...lineOf(stageSpan(stage)) };
    }),
    instructions: dockerfile.instructions.map(
      (each): InstructionFact => ({
        stage: each.stage,
        keyword: each.name,
        text: each.logical.text.trim(),
        ...lineOf(each.span),
      }),
    ),
    args: argsOf(dockerfile, lineOf),
    secrets: mountsOf(dockerfile, "secret", lineOf),
    ssh: mountsOf(dockerfile, "ssh", lineOf),
  };
}

type LineOf = (span: Span) => { readonly line: number; readonly endLine: number };

const linesIn =
  (lines: Lines): LineOf =>
  (span) => {
    const { start, end } = toRange(lines, span);
    return { line: start.line, endLine: end.line };
  };

/** From FROM to the end of its last instruction: what stands below belongs to the next one. */
const stageSpan = ({ from, instructions }: Dockerfile["stages"][number]): Span => ({
  start: from.span.start,
  end: instructions.at(-1)?.span.end ?? from.span.end,
});

/** By BuildKit, or by whoever runs it. */
const isGiven = (name: string): boolean =>
  PREDEFINED_ARGS.has(name) || PLATFORM_ARGS.has(name) || /^BUILDKIT_|^SOURCE_DATE_EPOCH$/.test(name);

function argsOf({ instructions, escape }: Dockerfile, lineOf: LineOf): readonly ArgFact[] {
  const args = new Map<string, ArgFact>();
  for (const instruction of instructions.filter(({ name }) => name === "ARG"))
    for (const { key, value, span } of instruction.pairs) {
      const name = key.text;
      const known = args.get(name);
      if (name === "" || isGiven(name) || known?.default !== undefined) continue;
      const fallback = value && { default: unquote(value.text, escape) };
      if (!known || fallback) args.set(name, { name, ...fallback, line: known?.line ?? lineOf(span).line });
    }
  return [...args.values()];
}

function mountsOf({ instructions }: Dockerfile, type: "secret" | "ssh", lineOf: LineOf): readonly MountFact[] {
  const mounts = new Map<string, MountFact>();
  for (const instruction of instructions.flatMap(withTrigger))
    for (const flag of instruction.flags.filter(({ name }) => name === "--mount")) {
      if (fieldOf(flag, "type")?.toLowerCase() !== type) continue;
      const id = fieldOf(flag, "id") ?? (type === "ssh" ? "default" : lastPart(fieldOf(flag, "target", "dst")));
      if (id === undefined || id === "" || id.includes("$")) continue;
      const required = isRequired(flag) || mounts.get(id)?.required === true;
      mounts.set(id, { id, required, line: mounts.get(id)?.line ?? lineOf(flag.span).line });
    }
  return [...mounts.values()];
}

const withTrigger = (instruction: Instruction): readonly Instruction[] =>
  instruction.trigger ? [instruction, instruction.trigger] : [instruction];

const fieldOf = ({ fields }: Flag, ...keys: readonly string[]): string | undefined =>
  fields.find(({ key }) => keys.includes(key))?.value;

const lastPart = (path: string | undefined): string | undefined => path?.split("/").at(-1);

const isRequired = ({ fields }: Flag): boolean =>
  fields.some(({ key, value }) => key === "required" && (value === undefined || /^(1|t|true)$/i.test(value)));

async function servicesOf(session: Session, opened: Opened, signal: AbortSignal): Promise<readonly ServiceFact[]> {
  if (!opened.uri.startsWith("file:")) return [];
  const path = posix.basename(decodeURIComponent(new URL(opened.uri).pathname));
  const answer = await session.look({ ask: "builds", path }, opened, signal);
  return typeof answer === "string" ? readBuilds(answer) : [];
}

/** Nothing that one of our rules reports, or would report if nobody had switched it off, is said a second time. */
export async function newChecks(session: Session, params: unknown): Promise<readonly number[]> {
  const fields = fieldsOf(params);
  const uri = stringOf(fields?.["uri"]);
  const checks = fields?.["checks"];
  if (uri === undefined || !Array.isArray(checks)) throw invalidParams("An address and a list of checks are needed");
  const checked = await session.check(uri);
  if (!checked?.inspection) return checks.map((_, at) => at);
  const { inspection, config, lines } = checked;
  const enabled = enabledRules(session.rules, config.settings);
  // Before anything was suppressed: a comment of the person's silences both.
  const reported = inspection.raw.findings.map(({ rule, span }) => ({ rule, ...linesIn(lines)(span) }));
  return checks.flatMap((check: unknown, at) => {
    const code = stringOf(fieldsOf(check)?.["code"]);
    const line = numberOf(fieldsOf(check)?.["line"]) ?? -1;
    const endLine = numberOf(fieldsOf(check)?.["endLine"]) ?? line;
    const same = session.rules.filter(({ sameAs }) => sameAs.some((name) => name === `buildkit:${code}`));
    const known = same.some(
      (rule) =>
        !enabled.includes(rule) ||
        reported.some((each) => each.rule === rule.id && each.line <= endLine && each.endLine >= line),
    );
    return known ? [] : [at];
  });
}
