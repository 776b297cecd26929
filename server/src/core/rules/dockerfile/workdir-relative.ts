import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { lineageInstructions, rootBase } from "../../model/dockerfile/stages.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule, type Fix, safeFix, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "workdir-relative",
  summary: "WORKDIR with a relative path",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL3000",
    "buildkit:WorkdirRelativePath",
    "trivy:DS-0009",
    "kics:WORKDIR Path Not Absolute",
    "checkov:CKV_DOCKER_10",
    "dockerfile-utils:WORKDIR_IS_NOT_ABSOLUTE",
  ],
  why: `
A relative \`WORKDIR\` starts at the one before it, and the first one starts at a folder the base image chose: another release of
the base, or one more \`WORKDIR\` above, and the files are somewhere else. \`C:\\app\` and \`c:/app\` are absolute where they are used, on Windows;
BuildKit's check reports them when it runs on Linux. It lets a relative one below another \`WORKDIR\` pass, as the others do not.`,
  fixSafety: `
Safe where an absolute \`WORKDIR\` stands before it in the stage, or in the stages it is built on: the path is the same, written
out. Otherwise unsafe: it is taken to start at \`/\`, and only the base image knows.`,
  examples: [
    { bad: "FROM node:22\nWORKDIR app\n", fixed: "FROM node:22\nWORKDIR /app\n" },
    { bad: "FROM node:22\nWORKDIR /srv\nWORKDIR app\n", fixed: "FROM node:22\nWORKDIR /srv\nWORKDIR /srv/app\n" },
    { good: "FROM node:22\nWORKDIR /app\n" },
    { good: "FROM node:22\nARG HOME\nWORKDIR $HOME/app\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of allNamed(dockerfile, "WORKDIR")) {
      const path = unquote(expandIn(dockerfile, instruction, instruction.args.text).text, dockerfile.escape);
      if (path === "" || !isRelative(path)) continue;
      const before = folderBefore(dockerfile, instruction);
      const written = unquote(instruction.args.text, dockerfile.escape);
      // A value put in place of the variable would freeze it.
      const fix =
        /[$"']/.test(written) || `${before?.path ?? ""}${instruction.args.text}`.includes(dockerfile.escape)
          ? undefined
          : fixFor(instruction, written, before);
      report(instruction.args.span, {
        message:
          before === undefined
            ? `WORKDIR ${written} starts at a folder that only the base image knows`
            : `WORKDIR ${written} is relative: it starts at ${before.path}`,
        ...(fix
          ? { fixes: [fix] }
          : { refusal: "the path has a variable or an escape, so it cannot be written out here" }),
      });
    }
  },
});

const isRelative = (path: string): boolean => !/^(?:[/\\$%]|[A-Za-z]:)/.test(path);

interface Folder {
  readonly path: string;
}

function fixFor(instruction: Instruction, written: string, before: Folder | undefined): Fix {
  const absolute = resolve(before?.path ?? "/", written);
  const quote = /^["']/.exec(instruction.args.text)?.[0] ?? "";
  const edit = replace(instruction.args.span, quote + absolute + quote);
  const title = `Write the path out: ${absolute}`;
  return before === undefined ? unsafeFix(title, edit) : safeFix(title, edit);
}

/** The folder a WORKDIR starts at; undefined when the base image or a variable decides it. */
function folderBefore(dockerfile: Dockerfile, instruction: Instruction): Folder | undefined {
  const stage = dockerfile.stages[instruction.stage];
  // A trigger starts where the other build is by then.
  if (!stage || instruction.triggered) return undefined;
  let folder: Folder | undefined = startOf(dockerfile, stage);
  for (const each of lineageInstructions(dockerfile, stage)) {
    if (each === instruction) break;
    if (each.name !== "WORKDIR") continue;
    const { text, known } = expandIn(dockerfile, each, each.args.text);
    const path = unquote(text, dockerfile.escape);
    if (path === "") continue;
    if (!known) folder = undefined;
    else if (!isRelative(path)) folder = { path };
    else folder = folder && { path: resolve(folder.path, path) };
  }
  return folder;
}

const startOf = (dockerfile: Dockerfile, stage: Stage): Folder | undefined =>
  rootBase(dockerfile, stage).kind === "scratch" ? { path: "/" } : undefined;

/** As path.Join in BuildKit: `.` and `..` are followed, a final slash is not kept. */
function resolve(folder: string, relative: string): string {
  const separator = /^[A-Za-z]:\\/.test(folder) ? "\\" : "/";
  const parts = folder.split(/[/\\]/).filter((part) => part !== "");
  for (const part of relative.split(/[/\\]/)) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const joined = parts.join(separator);
  return /^[A-Za-z]:/.test(joined) ? joined : `/${joined}`;
}
