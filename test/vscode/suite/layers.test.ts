/** The view *Layers*, with the real Docker that test/vscode/run.ts has started and a person who looks and clicks. */
import assert from "node:assert/strict";
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, suiteSetup, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { runProgram, setTrusted } from "../../../client/src/process.ts";
import { writeLargeImage } from "../../image/large-image.ts";
import { eventually, findings, openDockerfile } from "./documents.ts";
import { hand, hasHands } from "./hands.ts";
import { registry } from "./registry.ts";

const busybox = process.env["DOCKWRIGHT_TEST_BUSYBOX"];
const READ_MS = 90_000;
/** Another name of the first image. */
const OLD = "layers-of-the-tests:old";
/** From the end of reading to rows that a person sees. */
const FIRST_PAINT_MS = 1_000;
/** Takes longer to read than a person to press a button. */
const LARGE = 500_000_000;

/** Stores what the real one would. */
const APT_GET = `#!/bin/sh
if [ "$1" = update ]; then
  mkdir -p /var/lib/apt/lists
  head -c 700000 /dev/zero >/var/lib/apt/lists/main_Packages
else
  mkdir -p /opt && head -c 300000 /dev/zero >/opt/installed
fi
`;
const DOCKERFILE = `FROM scratch
COPY busybox /bin/busybox
RUN --network=none ["/bin/busybox", "--install", "-s", "/bin"]
COPY apt-get /bin/apt-get
RUN --network=none apt-get update && apt-get install -y --no-install-recommends curl=8.14.1-2
COPY large /srv/large
RUN --network=none rm /srv/large
`;

const run = async (...args: readonly string[]): Promise<string> => {
  setTrusted(() => vscode.workspace.isTrusted);
  const signal = new AbortController().signal;
  const { code, stdout, stderr } = await runProgram({ command: "docker", args }, { signal, timeoutMs: READ_MS });
  assert.equal(code, 0, stderr);
  return stdout.trim();
};

const isSaving = (): boolean =>
  readdirSync("/proc").some((pid) => {
    try {
      return /\0image\0save\0/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
    } catch {
      return false;
    }
  });

/** Waits until what a person sees is as wanted. */
async function rows(isWanted: (rows: readonly string[]) => boolean): Promise<readonly string[]> {
  let seen: readonly string[] = [];
  for (let tries = 0; tries < 150; tries += 1) {
    seen = await hand<readonly string[]>("layerRows");
    if (isWanted(seen)) return seen;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`these rows are there: ${seen.join(" | ")}`);
}

if (busybox !== undefined && hasHands)
  suite("layers", () => {
    let document: vscode.TextDocument;
    let folder: string;
    const image = (): string => `${folder.split("/").at(-1)}:latest`;
    /** What the button after a build runs. */
    const build = async (): Promise<void> => {
      const ended = Promise.withResolvers<void>();
      const listening = vscode.tasks.onDidEndTask(() => ended.resolve());
      await vscode.commands.executeCommand("dockwright.buildImage", document.uri);
      await ended.promise;
      listening.dispose();
    };
    const show = (): Thenable<unknown> =>
      vscode.commands.executeCommand("dockwright.showLayers", image(), document.uri.toString());

    suiteSetup(async () => {
      ({ document } = await openDockerfile(DOCKERFILE));
      folder = vscode.Uri.joinPath(document.uri, "..").fsPath;
      copyFileSync(busybox, join(folder, "busybox"));
      chmodSync(join(folder, "busybox"), 0o755);
      writeFileSync(join(folder, "apt-get"), APT_GET, { mode: 0o755 });
      writeFileSync(join(folder, "large"), Buffer.alloc(2_000_000, 1));
    });
    suiteTeardown(async () => {
      await vscode.commands.executeCommand("dockwright.closeLayers");
      await vscode.commands.executeCommand("workbench.action.closePanel");
      await vscode.commands.executeCommand("notifications.clearAll");
    });

    test("a build alone: sizes stand at the instructions", async () => {
      await build();
      const all = new vscode.Range(0, 0, document.lineCount, 0);
      const hints = await eventually("the sizes", async () => {
        const given = await vscode.commands.executeCommand<readonly vscode.InlayHint[]>(
          "vscode.executeInlayHintProvider",
          document.uri,
          all,
        );
        return given.length > 0 ? given : undefined;
      });
      const at = (line: number): string =>
        hints
          .filter(({ position }) => position.line === line)
          .map(({ label }) => (typeof label === "string" ? label : label.map(({ value }) => value).join("")))
          .join();
      assert.match(at(4), /^\s*1\.0 MB/);
      assert.match(at(5), /^\s*2\.0 MB/);
      assert.match(at(0), /MB/);
    }).timeout(READ_MS);

    test("an image that was built: rows with sizes, of the files as they are", async () => {
      await show();
      const seen = await rows((all) => all.some((row) => row.startsWith("All files")));
      const of = (line: number): string => seen.find((row) => row.includes(`, line ${line},`)) ?? seen.join(" | ");
      assert.match(of(5), /^Layer 4, RUN .*apt-get update .*, line 5, 1\.0 MB, /);
      assert.match(of(6), /^Layer 5, COPY large \/srv\/large, line 6, 2\.0 MB, .*2\.0 MB wasted/);
      assert.match(of(7), /^Layer 6, RUN .*rm \/srv\/large, line 7, 0 B, .*hides 2\.0 MB of layers below/);
      const files = Number(await run("image", "inspect", "--format", "{{len .RootFS.Layers}}", image()));
      assert.equal(seen.filter((row) => row.startsWith("Layer ")).length, files);
    }).timeout(READ_MS);

    test("a click on a layer shows its line; the cursor on a line selects its layer", async () => {
      await hand("layerClick", "Layer 5, COPY large");
      const editor = await eventually("the line", () =>
        vscode.window.visibleTextEditors.find(
          (each) => each.document.uri.toString() === document.uri.toString() && each.selection.active.line === 5,
        ),
      );
      editor.selection = new vscode.Selection(4, 3, 4, 3);
      assert.match(await hand<string>("layerSelected", "Layer 4, "), /apt-get update/);
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), "# a comment\n");
      await vscode.workspace.applyEdit(edit);
      await rows((all) => all.some((row) => row.includes(", line 6, 1.0 MB")));
      await hand("layerClick", "Layer 5, COPY large");
      await eventually("the line after the edit", () => editor.selection.active.line === 6);
      const back = new vscode.WorkspaceEdit();
      back.delete(document.uri, new vscode.Range(0, 0, 1, 0));
      await vscode.workspace.applyEdit(back);
      await document.save();
    });

    test("files by folder, and a search over all of them", async () => {
      await hand("layerClick", "+Layer 4, ");
      await rows((all) => all.some((row) => row.startsWith("folder var, added, 700 kB, 1 file")));
      await hand("layerSearch", "main_pack");
      const found = await rows((all) => all.some((row) => row.startsWith("var/lib/apt/lists/main_Packages, ")));
      assert.ok(!found.some((row) => row.startsWith("folder var")));
      await hand("layerSearch", "");
      await rows((all) => all.some((row) => row.startsWith("folder var")));
    });

    test("a suggestion's fix is made on its line", async () => {
      await findings(document, (rules) => rules.includes("apt-lists-left"));
      await hand("layerButton", "Fix: apt package lists");
      await hand("layerText", "Build again to see what it saves");
      assert.match(document.lineAt(4).text, /rm -rf \/var\/lib\/apt\/lists/);
      await document.save();
    });

    test("compared with another image that is chosen", async () => {
      await run("tag", image(), OLD);
      const chosen = vscode.commands.executeCommand("dockwright.compareLayers");
      await hand("pick", OLD);
      await chosen;
      await hand("layerText", `of the same size against ${OLD}`);
      await vscode.commands.executeCommand("dockwright.endLayerComparison");
    }).timeout(READ_MS);

    test("built again: what it grew or shrank by, in all and per layer, against the last build", async () => {
      writeFileSync(join(folder, "large"), Buffer.alloc(2_500_000, 1));
      writeFileSync(join(folder, "apt-get"), `${APT_GET}# another\n`, { mode: 0o755 });
      await build();
      await show();
      await hand("layerText", /shrank by 200 kB since the last build/.source);
      await vscode.commands.executeCommand("dockwright.compareLayersWithLastBuild");
      await hand("layerText", "against the last build");
      const seen = await rows((all) => all.some((row) => row.endsWith("shrank by 700 kB")));
      const of = (line: number): string => seen.find((row) => row.includes(`, line ${line},`)) ?? seen.join(" | ");
      assert.match(of(5), /^Layer 4, .*shrank by 700 kB$/);
      assert.match(of(6), /grew by 500 kB/);
      await hand("layerKey", "End");
      await rows((all) => all.some((row) => row.startsWith("Files that went, 1 file, 700 kB")));
      await vscode.commands.executeCommand("dockwright.endLayerComparison");
      await rows((all) => !all.some((row) => row.startsWith("Files that went")));
    }).timeout(2 * READ_MS);

    test("away and back again: the page is another, what it shows is the same", async () => {
      const before = await rows((all) => all.some((row) => row.startsWith("folder opt")));
      await vscode.commands.executeCommand("workbench.view.explorer");
      await vscode.commands.executeCommand("dockwrightLayers.focus");
      const after = await rows((all) => all.some((row) => row.startsWith("folder opt")));
      assert.deepEqual(after, before);
    });

    test("a server that was started again: the image is read again when a person says so", async () => {
      await vscode.commands.executeCommand("dockwright.restartServer");
      await hand("layerText", "The server was started again.");
      await hand("layerButton", "Read the Files Again");
      await rows((all) => all.some((row) => row.startsWith("folder opt")));
    }).timeout(READ_MS);

    test("an archive is shown and compared with what is in the engine", async () => {
      const work = mkdtempSync(join(tmpdir(), "dockwright-layers-"));
      try {
        const archive = join(work, "image.tar");
        await run("image", "save", "--output", archive, image());
        await vscode.commands.executeCommand("dockwright.showLayersOf", vscode.Uri.file(archive));
        await hand("layerText", "image.tar");
        await rows((all) => all.some((row) => row.startsWith("All files")));
      } finally {
        rmSync(work, { recursive: true, force: true });
      }
    }).timeout(READ_MS);

    test("200,000 files: rows soon after they are read, none blank while they are scrolled", async () => {
      const work = mkdtempSync(join(tmpdir(), "dockwright-layers-"));
      try {
        const archive = join(work, "large.tar");
        await writeLargeImage(archive, { files: 200_000, layers: 12, bytesPerFile: 300 });
        await vscode.commands.executeCommand("dockwright.showLayersOf", vscode.Uri.file(archive));
        const began = performance.now();
        const seen = await rows((all) => all.some((row) => row.startsWith("All files")));
        const ms = performance.now() - began;
        assert.ok(ms < FIRST_PAINT_MS, `${ms} ms`);
        assert.match(seen[0] ?? "", /^All files, 20\d,\d{3} files/);
        await hand("layerSearch", "file-of");
        await rows((all) => all.some((row) => /a-file-of-some-name-\d+\.js, /.test(row)));
        await hand("layerWheel", "10");
        const { frames, blank, waiting } = await hand<Record<string, number>>("layerWheel", "100");
        assert.ok((frames ?? 0) > 20, `${frames} frames`);
        assert.equal(blank, 0);
        // On a busy machine an answer may come a frame late.
        assert.ok((waiting ?? 0) < (frames ?? 0), `${waiting} rows were still being read in ${frames} frames`);
        console.log(
          `ok layers: first rows ${Math.round(ms)} ms after 200,000 files were read, ${frames} frames while scrolling`,
        );
        await hand("layerSearch", "");
      } finally {
        rmSync(work, { recursive: true, force: true });
      }
    }).timeout(READ_MS);

    const host = registry?.image.split("/")[0];
    if (host !== undefined)
      test("a base image, out of its registry: sizes first, files once a person has said so", async () => {
        const base = `${host}/team/layers:1`;
        await run("tag", image(), base);
        await run("push", base);
        await vscode.commands.executeCommand("dockwright.showBaseImageLayers", document.uri.toString(), base);
        assert.match(await hand<string>("layerText", "Reading its files downloads"), /downloads \d/);
        const outline = await rows((all) => all.length > 3);
        assert.ok(!outline.some((row) => row.startsWith("All files")), outline.join(" | "));
        await hand("layerButton", "Download and Read");
        await rows((all) => all.some((row) => row.startsWith("All files")));

        await vscode.window.showTextDocument(document);
        const chosen = vscode.commands.executeCommand("dockwright.showLayersOf");
        await hand("pick", "Image in a registry");
        await hand("answer", base);
        await chosen;
        await rows((all) => all.some((row) => row.includes("COPY large /srv/large, line 6, ")));
      }).timeout(READ_MS);

    test("reading a large image is cancelled: the sizes stay, and no program goes on", async () => {
      truncateSync(join(folder, "large"), LARGE);
      await build();
      const shown = show();
      await hand("layerText", "Reading the files");
      await hand("layerButton", "Cancel");
      await shown;
      await hand("layerText", "Its files are not read.");
      const seen = await rows((all) => all.some((row) => row.includes("COPY large")));
      assert.ok(!seen.some((row) => row.startsWith("All files")), seen.join(" | "));
      await eventually("the end of docker image save", () => !isSaving());
      truncateSync(join(folder, "large"));
    }).timeout(2 * READ_MS);

    test("an image that is not there: the view says so", async () => {
      await vscode.commands.executeCommand("dockwright.showLayers", "nobody/has:this");
      assert.match(await hand<string>("layerText", "nobody/has:this"), /nobody\/has:this/);
    });
  });
