/** Pin, update and unpin in the language server against a real registry: past the caches, with digests that BuildKit takes. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { CodeAction } from "vscode-languageserver/node";
import { rules } from "../../server/src/core/rules/index.ts";
import { createAnswers } from "../../server/src/effects/answers.ts";
import { registryFinders } from "../../server/src/effects/finders.ts";
import { createRegistry } from "../../server/src/effects/registry/registry.ts";
import { pushIndex } from "../effects/push-image.ts";
import { type Editor, startEditor } from "../lsp/editor.ts";
import { type Machine, mustDocker } from "./machine.ts";

export function pinInEditorTests(machine: Machine): void {
  describe("pin in the editor", () => {
    const { host } = machine.registry;

    /** A new server each time: what it knows is on disk. */
    const opened = async (text: string, cache: string, languageId = "dockerfile"): Promise<Editor> => {
      const registry = createRegistry({ trusted: true, env: {}, home: "/nonexistent", cache: { folder: cache } });
      const editor = await startEditor({ rules, answers: () => createAnswers(registryFinders(registry)) });
      editor.open(text, languageId);
      return editor;
    };
    const chosen = async (editor: Editor, image: string, title: RegExp): Promise<CodeAction> => {
      const action = (await editor.actions(image)).find((each) => title.test(each.title));
      assert.ok(action, String(title));
      return action.edit ? action : editor.resolve(action);
    };
    const imagetools = async (image: string): Promise<string> => {
      const { stdout } = await mustDocker(machine, "buildx", "imagetools", "inspect", image);
      return /^Digest:\s+(\S+)$/m.exec(stdout)?.[1] ?? "none";
    };

    test("what is pinned is what buildx says, and updating sees a push that no cache has seen", async () => {
      const image = `${host}/edited/base:1`;
      const folder = await machine.folder("pin-in-editor");
      const cache = join(folder, "cache");
      const first = await pushIndex(`${host}/edited/base`, ["1"], { label: "first" });
      const bare = `FROM ${image}\nLABEL a=b\n`;
      const at = (digest: string): string => `FROM ${image}@${digest}\nLABEL a=b\n`;

      const editor = await opened(bare, cache);
      assert.equal(editor.apply((await chosen(editor, image, /^Pin /)).edit), at(await imagetools(image)));
      assert.equal(editor.text(), at(first.digest));

      const moved = await pushIndex(`${host}/edited/base`, ["1"], { label: "second" });
      const other = await opened(bare, cache);
      assert.equal(
        other.apply((await chosen(other, image, /^Pin /)).edit),
        at(first.digest),
        "pinning takes what the registry said within the hour",
      );
      const later = await opened(at(first.digest), cache);
      assert.equal(later.apply((await chosen(later, image, /^Update /)).edit), at(await imagetools(image)));
      assert.equal(later.text(), at(moved.digest));
      // What was found out anew is what every cache has from now on.
      const last = await opened(bare, cache);
      assert.equal(last.apply((await chosen(last, image, /^Pin /)).edit), at(moved.digest));

      await writeFile(join(folder, "Dockerfile"), later.text());
      await mustDocker(
        machine,
        ...["buildx", "build", "--platform=linux/amd64,linux/arm64", "--output"],
        ...[`type=oci,tar=false,dest=${folder}/out`, "--file", join(folder, "Dockerfile"), folder],
      );
      assert.equal(later.apply((await chosen(later, image, /^Unpin /)).edit), bare);
    });

    test("images of a compose file", async () => {
      const image = `${host}/edited/service:1`;
      const cache = join(await machine.folder("pin-in-editor"), "cache");
      await pushIndex(`${host}/edited/service`, ["1"], { label: "service" });
      const editor = await opened(`services:\n  a:\n    image: "${image}"\n`, cache, "dockercompose");
      const edited = editor.apply((await chosen(editor, image, /^Pin /)).edit);
      assert.equal(edited, `services:\n  a:\n    image: "${image}@${await imagetools(image)}"\n`);
    });

    test("a tag that is gone, and a registry that is not there, say so and change nothing", async () => {
      const cache = join(await machine.folder("pin-in-editor"), "cache");
      const digest = `sha256:${"0".repeat(64)}`;
      for (const [image, why] of [
        [`${host}/edited/none:1`, /not possible, .*edited\/none/],
        ["127.0.0.1:1/edited/none:1", /not possible, .*127\.0\.0\.1:1/],
      ] as const) {
        const editor = await opened(`FROM ${image}@${digest}\n`, cache);
        assert.equal((await chosen(editor, image, /^Update /)).edit, undefined);
        const [said] = (await editor.wire.until("window/showMessage")) as { message: string }[];
        assert.match(said?.message ?? "", why);
      }
    });
  });
}
