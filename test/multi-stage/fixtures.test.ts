/**
 * Conversions as texts. A file of fixtures is one recipe; a `## title` is a case: fenced texts under `### NAME` are the Dockerfile and
 * the files of its build context, `### choose a=b` chooses, and `### gives` is what comes of it. `UPDATE=1` writes the last anew.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Conversion, convertToMultiStage } from "../../server/src/core/assists/multi-stage/convert.ts";
import type { BuildContext } from "../../server/src/core/assists/multi-stage/recipe.ts";
import { ignoredBy, parseIgnoreFile } from "../../server/src/core/model/ignore.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { applyEdits } from "../../server/src/core/text/edit.ts";

interface Case {
  readonly title: string;
  readonly files: ReadonlyMap<string, string>;
  readonly choices: ReadonlyMap<string, string>;
  readonly gives: string;
}

const FENCE = /^### (.+)\n+(`{3,})\w*\n([^]*?)^\2$/gm;

function casesIn(text: string): readonly Case[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const title = part.slice(0, part.indexOf("\n"));
      const files = new Map<string, string>();
      for (const [, name = "", , body = ""] of part.matchAll(FENCE)) files.set(name, body);
      const gives = files.get("gives") ?? "";
      files.delete("gives");
      const choices = new Map([...part.matchAll(/^### choose (\S+?)=(.+)$/gm)].map(([, id = "", to = ""]) => [id, to]));
      return { title, files, choices, gives };
    });
}

/** Without a file beside the Dockerfile nothing is known of the context. */
function contextOf(files: ReadonlyMap<string, string>): BuildContext {
  const others = [...files.keys()].filter((name) => name !== "Dockerfile");
  const ignore = parseIgnoreFile(files.get(".dockerignore") ?? "");
  const paths = others.filter((name) => ignore === undefined || ignoredBy(ignore, name) === undefined);
  return {
    read: (path) => (paths.includes(path) ? files.get(path) : undefined),
    beside: (path) => files.get(path),
    paths: others.length === 0 ? undefined : paths,
    dockerfile: "Dockerfile",
    digest: () => undefined,
  };
}

function textOf(conversion: Conversion): string {
  if (conversion.outcome === "refused") return `refused: ${conversion.reason}\n`;
  if (conversion.outcome === "no benefit")
    return [`no benefit: ${conversion.reason}`, ...conversion.instead.map((each) => `instead: ${each}`), ""].join("\n");
  const decisions = conversion.decisions.map(
    ({ id, what, why, doubtful, alternatives }) =>
      `${doubtful ? "?" : "-"} ${id}: ${what} (${why})${alternatives.map((each) => ` [${each.id}]`).join("")}`,
  );
  const dropped = conversion.dropped.map(({ text, why }) => `dropped ${text} (${why})`);
  return `${conversion.text}=== ${conversion.ecosystem}\n${[...decisions, ...dropped].join("\n")}\n`;
}

const folder = import.meta.dirname;
for (const name of readdirSync(folder).filter((each) => each.endsWith(".md"))) {
  const path = join(folder, name);
  const text = readFileSync(path, "utf8");
  let updated = text;
  for (const { title, files, choices, gives } of casesIn(text)) {
    const dockerfile = parseDockerfile(files.get("Dockerfile") ?? "", "Dockerfile");
    const conversion = convertToMultiStage(dockerfile, contextOf(files), choices);
    const actual = textOf(conversion);
    const part = updated.indexOf(`## ${title}\n`);
    const next = updated.indexOf("\n## ", part);
    const section = updated.slice(part, next === -1 ? undefined : next + 1);
    const without = section.replace(/\n+### gives\n[^]*$/, "").trimEnd();
    const fresh = `${without}\n\n### gives\n\n\`\`\`dockerfile\n${actual}\`\`\`\n${next === -1 ? "" : "\n"}`;
    updated = updated.slice(0, part) + fresh + (next === -1 ? "" : updated.slice(next + 1));
    if (process.env["UPDATE"] === "1") continue;
    test(`${name}: ${title}`, () => {
      assert.equal(actual, gives);
      if (conversion.outcome !== "converted") return;
      assert.equal(applyEdits(dockerfile.text, conversion.edits), conversion.text);
      const again = convertToMultiStage(parseDockerfile(conversion.text, "Dockerfile"), contextOf(files), choices);
      assert.equal(again.outcome, "no benefit", "a second conversion of the result");
    });
  }
  if (process.env["UPDATE"] === "1") writeFileSync(path, updated);
}
