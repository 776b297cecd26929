/** Snippets, read by the real tools: BuildKit checks every Dockerfile without a warning, compose takes every file and service. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { EXAMPLE_DIGEST } from "../../scripts/snippets/tab-stops.ts";
import { expanded, snippetsIn } from "../snippets/expand.ts";
import { wholeCompose, wholeDockerfile } from "../snippets/frames.ts";
import { type BuildKitCheck, buildKitChecks } from "./buildkit-check.ts";
import type { Machine } from "./machine.ts";

export function snippetTests(machine: Machine): void {
  describe("snippets", () => {
    // No registry has an image of the example digest: by tag, the machine's empty image stands for it.
    const dockerfiles = [...snippetsIn("dockerfile").values()].map((snippet) => ({
      name: snippet.prefix,
      text: wholeDockerfile(snippet.prefix, expanded(snippet)).replaceAll(`@${EXAMPLE_DIGEST}`, ""),
    }));
    let said: ReadonlyMap<string, BuildKitCheck> = new Map();
    before(async () => {
      said = await buildKitChecks(
        machine,
        dockerfiles.map(({ text }) => text),
      );
    });
    for (const { name, text } of dockerfiles)
      test(name, () => assert.deepEqual(said.get(text), { warnings: [] }, text));

    for (const snippet of snippetsIn("compose").values())
      test(snippet.prefix, async () => {
        const text = wholeCompose(snippet.prefix, expanded(snippet));
        const folder = join(await machine.folder("snippets"), snippet.prefix);
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, "compose.yaml"), text);
        const variables = [...text.matchAll(/\$\{(\w+):\?|^ {4}environment: (\w+)$/gm)].map(
          ([, required, secret]) => `${required ?? secret ?? ""}=word`,
        );
        await writeFile(join(folder, ".env"), variables.join("\n"));
        const file = join(folder, "compose.yaml");
        const { code, stderr } = await machine.docker.docker(["compose", "--file", file, "config", "--quiet"]);
        assert.deepEqual([code, stderr], [0, ""], text);
      });
  });
}
