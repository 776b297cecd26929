import type { Base, Dockerfile, Instruction, Word } from "../../model/dockerfile/model.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { rootBase } from "../../model/dockerfile/stages.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { parseImageRef } from "../../model/image-ref.ts";
import { defineRule, type Fix, safeFix, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";

export default defineRule({
  id: "copy-relative-no-workdir",
  summary: "relative destination while no WORKDIR is set",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: ["hadolint:DL3045"],
  why: `
A relative destination starts at \`WORKDIR\`. Where neither the stage nor a stage it is built on sets one, the base image decides
where the files go: usually \`/\`, next to \`/bin\` and \`/etc\`, and elsewhere after the next change of the base. Images that are
known for a folder of their own, such as \`golang\` or \`php\`, are let off; hadolint reports them, the profile \`all\` shows them. A
destination is read with its variables put in, so \`./tool-$ARCH\` is relative too, and \`ADD\` is judged as \`COPY\` is: hadolint looks at \`COPY\` alone.`,
  fixSafety: `
Unsafe: it takes the folder for \`/\`, which is true of most images. Safe on \`scratch\`, where it is \`/\`.`,
  examples: [
    { bad: "FROM debian:13\nCOPY app bin/app\n", fixed: "FROM debian:13\nCOPY app /bin/app\n" },
    { good: "FROM debian:13\nWORKDIR /srv\nCOPY app bin/app\n" },
    { good: "FROM php:8.4-apache\nCOPY . .\n" },
  ],
  check({ dockerfile, report }) {
    const inherited: boolean[] = [];
    for (const stage of dockerfile.stages) {
      const { base } = stage;
      const start = base.kind === "stage" && inherited[base.stage] === true;
      inherited[stage.index] = judge(stage.instructions, start, folderOf(rootBase(dockerfile, stage)));
    }
    // A fragment without FROM is read as one stage.
    if (dockerfile.stages.length === 0) judge(dockerfile.instructions, false, "unknown");

    /** Whether a stage built on this one has a WORKDIR: its own, or one that ONBUILD sets there. */
    function judge(instructions: readonly Instruction[], start: boolean, folder: Folder): boolean {
      let set = start;
      let triggered = false;
      for (const each of instructions) {
        if (each.name === "WORKDIR") set = true;
        if (each.trigger?.name === "WORKDIR") triggered = true;
        if (!set) look(each, folder);
        if (each.trigger && !set && !triggered) look(each.trigger, folder === "root" ? "unknown" : folder);
      }
      return set || triggered;
    }

    function look(instruction: Instruction, folder: Folder): void {
      const target = instruction.words.at(-1);
      if ((instruction.name !== "COPY" && instruction.name !== "ADD") || instruction.words.length < 2 || !target)
        return;
      if (!isRelative(dockerfile, instruction, target)) return;
      if (folder === "own") {
        report(target.span, {
          message: `${target.text} is relative and no WORKDIR is set: it is in the folder this base image is known for`,
          severity: "hint",
          profile: "all",
          refusal: "the file does not say which folder the base image has",
        });
        return;
      }
      const fix = fixFor(dockerfile, instruction, target, folder === "root");
      report(target.span, {
        message: `${target.text} is relative and no WORKDIR is set: the base image decides where it is`,
        ...(fix
          ? { fixes: [fix] }
          : { refusal: "the destination has a variable or an escape, so it cannot be written out here" }),
      });
    }
  },
});

/** Where the base starts: at `/`, in a folder of its own, or who knows where. */
type Folder = "root" | "own" | "unknown";

function folderOf(base: Base): Folder {
  if (base.kind === "scratch") return "root";
  return base.kind === "image" && hasOwnFolder(base.reference) ? "own" : "unknown";
}

function isRelative(dockerfile: Dockerfile, instruction: Instruction, target: Word): boolean {
  const { text } = expandIn(dockerfile, instruction, target.text);
  const path = instruction.json ? text : unquote(text, dockerfile.escape);
  return path !== "" && !/^(?:[/\\$%]|[A-Za-z]:)/.test(path) && !/^["']?[A-Za-z]:/.test(text);
}

function fixFor({ text }: Dockerfile, { json }: Instruction, target: Word, onScratch: boolean): Fix | undefined {
  const source = text.slice(target.span.start, target.span.end);
  const quote = json ? '"' : (/^["']/.exec(source)?.[0] ?? "");
  const path = source.slice(quote.length, source.length - quote.length);
  if (/["'\\$\n]/.test(path)) return undefined;
  const plain = path.replace(/^(?:\.\/+)+/, "").replace(/^\.$/, "");
  if (/^\.\.?(?:\/|$)/.test(plain)) return undefined;
  const absolute = `/${plain}`;
  const edit = replace(target.span, quote + absolute + quote);
  const title = `Make the destination absolute: ${absolute}`;
  return onScratch ? safeFix(title, edit) : unsafeFix(title, edit);
}

/** Images whose own WORKDIR is part of how they are used, as their documentation says. */
const OWN_FOLDER: ReadonlySet<string> = new Set([
  "bitnami/laravel",
  "composer",
  "drupal",
  "ghost",
  "golang",
  "gradle",
  "httpd",
  "jetty",
  "joomla",
  "nextcloud",
  "php",
  "phpmyadmin",
  "redmine",
  "tomcat",
  "tomee",
  "wordpress",
]);

function hasOwnFolder(reference: string): boolean {
  const parsed = parseImageRef(reference);
  if (!parsed.ok) return false;
  const { path, tag = "" } = parsed.ref;
  // Their nonroot variants start in /home/nonroot.
  if (path.startsWith("distroless/") && /nonroot/.test(tag)) return true;
  return OWN_FOLDER.has(path.replace(/^library\//, ""));
}
