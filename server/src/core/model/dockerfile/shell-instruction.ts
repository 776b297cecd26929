/** The shell that runs shell-form instructions: SHELL, or the platform's default. */
import { familyByName, knownBase } from "./bases.ts";
import { perDocument } from "./memo.ts";
import type { Dockerfile, Instruction, Word } from "./model.ts";
import { lineage } from "./stages.ts";

export interface ShellSetting {
  /** Program without folder and `.exe`: `sh`, `bash`, `powershell`, `cmd`. */
  readonly name: string;
  readonly words: readonly Word[];
  /** The SHELL instruction it comes from; undefined for the default. */
  readonly set?: Instruction;
}

const LINUX: ShellSetting = { name: "sh", words: [] };
const WINDOWS: ShellSetting = { name: "cmd", words: [] };

export const shellAt = (dockerfile: Dockerfile, instruction: Instruction): ShellSetting =>
  settingsOf(dockerfile).get(instruction) ?? LINUX;

const settingsOf = perDocument(readSettings);

function readSettings(dockerfile: Dockerfile): ReadonlyMap<Instruction, ShellSetting> {
  const settings = new Map<Instruction, ShellSetting>();
  const ends: ShellSetting[] = [];
  const wishes = shellComments(dockerfile);
  const first = dockerfile.stages[0]?.span.start ?? 0;
  const everywhere = wishes.findLast(({ at }) => at < first)?.shell;
  for (const stage of dockerfile.stages) {
    const inherited = stage.base.kind === "stage" ? ends[stage.base.stage] : undefined;
    let current = inherited ?? everywhere ?? (isWindows(dockerfile, stage.index) ? WINDOWS : LINUX);
    let before = stage.span.start;
    for (const instruction of stage.instructions) {
      const wish = wishes.findLast(({ at }) => before < at && at < instruction.span.start);
      if (wish) current = wish.shell;
      before = instruction.span.end;
      settings.set(instruction, current);
      if (instruction.trigger) settings.set(instruction.trigger, current);
      if (instruction.name === "SHELL") current = shellOf(instruction) ?? current;
    }
    ends.push(current);
  }
  // Instructions before any FROM: a fragment, read with what it says itself.
  let loose = dockerfile.escape === "`" ? WINDOWS : LINUX;
  for (const instruction of dockerfile.instructions) {
    if (instruction.stage !== -1) break;
    settings.set(instruction, loose);
    if (instruction.trigger) settings.set(instruction.trigger, loose);
    if (instruction.name === "SHELL") loose = shellOf(instruction) ?? loose;
  }
  return settings;
}

function shellOf(instruction: Instruction): ShellSetting | undefined {
  const program = instruction.json?.elements[0]?.text;
  if (program === undefined) return undefined;
  return { name: programName(program), words: instruction.json?.elements ?? [], set: instruction };
}

const programName = (program: string): string =>
  program
    .slice(Math.max(program.lastIndexOf("/"), program.lastIndexOf("\\")) + 1)
    .replace(/\.exe$/i, "")
    .toLowerCase();

const SHELL_COMMENT = /^(?:hadolint|dockwright)[ \t]+shell[ \t]*=[ \t]*([^\s#]+)/;

/** `# hadolint shell=bash`: what the base image's shell is. Before the first FROM it is said of every stage. */
const shellComments = ({ comments }: Dockerfile): readonly { readonly at: number; readonly shell: ShellSetting }[] =>
  comments.flatMap(({ span, text }) => {
    const program = SHELL_COMMENT.exec(text)?.[1];
    return program === undefined ? [] : [{ at: span.start, shell: { name: programName(program), words: [] } }];
  });

/** A Windows base has cmd; so has an unknown one in a file that says `escape=\``, which only Windows paths need. */
function isWindows(dockerfile: Dockerfile, index: number): boolean {
  const stage = dockerfile.stages[index];
  if (!stage) return false;
  const root = lineage(dockerfile, stage)[0] ?? stage;
  if (/windows/i.test(root.platform?.value?.text ?? "")) return true;
  const family =
    root.base.kind === "image"
      ? (knownBase(root.base.reference)?.family ?? familyByName(root.base.reference))
      : undefined;
  if (family !== undefined) return family === "windows";
  if (root.base.kind === "image") return dockerfile.escape === "`";
  return dockerfile.escape === "`" && root.base.kind === "unknown";
}
