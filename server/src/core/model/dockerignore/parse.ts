/** Text → lines of a .dockerignore, never throwing: what each line is says model/ignore.ts. */
import { lineEnding } from "../../text/lines.ts";
import type { Comment } from "../dockerfile/model.ts";
import { readIgnoreLine } from "../ignore.ts";
import type { Dockerignore, IgnoreLine } from "./model.ts";

export function parseDockerignore(text: string, name?: string): Dockerignore {
  const lines: IgnoreLine[] = [];
  const comments: Comment[] = [];
  for (const match of text.matchAll(/[^\n]*(?:\n|$)/g)) {
    if (match[0] === "") continue;
    const mark = match.index === 0 && match[0].startsWith("\uFEFF") ? 1 : 0;
    const line = { start: match.index + mark, end: match.index + match[0].length };
    const written = match[0].slice(mark).replace(/\r?\n$/, "");
    const read = readIgnoreLine(written);
    const start = line.start + written.length - written.trimStart().length;
    const span = { start, end: start + written.trim().length };
    if (read) {
      const trimmed = written.trim();
      const found = { text: trimmed, span, line };
      lines.push("fault" in read ? { ...found, fault: read.fault } : { ...found, pattern: read });
    } else if (written.startsWith("#")) comments.push({ span, text: written.slice(1).trim() });
  }
  return {
    language: "dockerignore",
    name,
    text,
    eol: lineEnding(text),
    lines,
    comments,
    problems: [],
    memory: [],
  };
}
