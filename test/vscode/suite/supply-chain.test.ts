/** SBOMs and CI files, as a person meets them. What asks by a modal is in test/vscode/person.ts: a host under test shows none. */
import assert from "node:assert/strict";
import { suite, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { eventually, openDockerfile, textOfFile, workspaceFolder } from "./documents.ts";
import { hand, hasHands } from "./hands.ts";

/** The registry with images to look at, where there is a Trivy to do it. */
const host = process.env["DOCKWRIGHT_TEST_SCAN"];
const file = (...path: readonly string[]): vscode.Uri => vscode.Uri.joinPath(workspaceFolder(), ...path);
const write = (uri: vscode.Uri, text: string): Thenable<void> => vscode.workspace.fs.writeFile(uri, Buffer.from(text));

const sbom = (name: string, packages: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    metadata: { component: { type: "container", name } },
    components: Object.entries(packages).map(([component, version]) => ({
      ...{ type: "library", name: component, version, purl: `pkg:deb/debian/${component}@${version}` },
      licenses: [{ license: { id: "MIT" } }],
    })),
  });

/** Without the hands there is nobody to press what these commands ask for. */
if (hasHands) {
  suite("SBOMs", () => {
    const [one, two] = [file("sboms", "one.cdx.json"), file("sboms", "two.cdx.json")];

    suiteTeardown(async () => {
      await vscode.commands.executeCommand("dockwright.filterSbom", "");
      await vscode.commands.executeCommand("dockwright.closeSbom");
      await vscode.workspace.fs.delete(file("sboms"), { recursive: true });
    });

    test("a file opens as a tree, which a filter narrows", async () => {
      await write(one, sbom("team/app:1", { zlib1g: "1.2.13", apt: "2.6.1" }));
      await write(two, sbom("team/app:2", { zlib1g: "1.3.1", bash: "5.2" }));
      await vscode.commands.executeCommand("dockwright.openSbom", one);
      await vscode.commands.executeCommand("dockwright.groupSbom", "none");
      await rows(/sboms\/one\.cdx\.json.*2 packages[\s\S]*apt.*2\.6\.1 · MIT[\s\S]*zlib1g.*1\.2\.13 · MIT/);
      await vscode.commands.executeCommand("dockwright.filterSbom", "apt");
      await rows(/1 of 2 packages(?![\s\S]*zlib1g)[\s\S]*apt/);
      await vscode.commands.executeCommand("dockwright.filterSbom", "");
    });

    if (host !== undefined)
      test("Generate SBOM makes one of an image in a registry, with the Trivy there is", async () => {
        await vscode.commands.executeCommand("workbench.action.closeAllEditors");
        await vscode.commands.executeCommand("dockwright.generateSbom", `${host}/team/app:1`);
        await vscode.commands.executeCommand("dockwright.filterSbom", "lodash");
        await rows(/app:1.*1 of 2 packages · debian.*team.*trivy[\s\S]*lodash.*4\.17\.20 · COPY lodash /);
        await vscode.commands.executeCommand("dockwright.filterSbom", "");
        await vscode.commands.executeCommand("dockwright.closeSbom");
      });

    if (host !== undefined)
      test("a package leads to the line of the open Dockerfile that brought it, also after that was edited", async () => {
        await vscode.commands.executeCommand("workbench.action.closeAllEditors");
        const text = "FROM scratch\nCOPY rootfs /\nCOPY lodash /app/node_modules/lodash\n";
        const { document } = await openDockerfile(text);
        await vscode.commands.executeCommand("dockwright.generateSbom", `${host}/team/app:1`);
        await rows(/lodash.*4\.17\.20 · line 3/);
        const edit = new vscode.WorkspaceEdit();
        edit.insert(document.uri, new vscode.Position(1, 0), "# one more\n");
        await vscode.workspace.applyEdit(edit);
        await document.save();
        await rows(/lodash.*4\.17\.20 · line 4/);
        await vscode.commands.executeCommand("workbench.action.closeAllEditors");
        await hand("clickRow", "lodash");
        await eventually("line 4", () => vscode.window.activeTextEditor?.selection.active.line === 3);
        await vscode.commands.executeCommand("dockwright.groupSbom", "layer");
        await rows(/Line 3: COPY rootfs \/[\s\S]*Line 4: COPY lodash \/app/);
        await vscode.commands.executeCommand("dockwright.groupSbom", "none");
        await vscode.commands.executeCommand("dockwright.closeSbom");
        await vscode.commands.executeCommand("dockwright.openSbom", one);
      });

    test("Find Package in Images asks the files of the workspace too", async () => {
      const command = vscode.commands.executeCommand("dockwright.findPackage", "zlib1g");
      const found = await hand<readonly string[]>("pickRows");
      assert.deepEqual(
        found.map((row) => /^zlib1g 1\.\d+\.\d+/.exec(row)?.[0]),
        ["zlib1g 1.2.13", "zlib1g 1.3.1"],
      );
      await hand("pick", "zlib1g 1.3.1");
      await command;
      await rows(/two\.cdx\.json/);
      await vscode.commands.executeCommand("dockwright.filterSbom", "");
    });

    test("Compare SBOMs shows what came, went and changed", async () => {
      const command = vscode.commands.executeCommand("dockwright.compareSboms");
      await hand("pick", "one.cdx.json");
      await hand("pick", "two.cdx.json");
      await command;
      const text = vscode.window.activeTextEditor?.document.getText() ?? "";
      assert.match(text, /1 added, 1 removed, 1 changed, 0 the same/);
      assert.match(text, /^- zlib1g 1\.2\.13[^\n]*\n\+ zlib1g 1\.3\.1/m);
    });

    test("a comparison under a name that is open already never shows the older one", async () => {
      const shown = async (first: string, second: string): Promise<string> => {
        const command = vscode.commands.executeCommand("dockwright.compareSboms");
        await hand("pick", first);
        await hand("pick", second);
        await command;
        return vscode.window.activeTextEditor?.document.getText() ?? "";
      };
      assert.match(await shown("two.cdx.json", "one.cdx.json"), /^--- sboms\/two[\s\S]*\n\+ zlib1g 1\.2\.13/);
      assert.match(await shown("one.cdx.json", "two.cdx.json"), /^--- sboms\/one[\s\S]*\n\+ zlib1g 1\.3\.1/);
    });

    test("a file that is no SBOM is said to be none", async () => {
      const none = file("sboms", "none.json");
      await write(none, "{}");
      await vscode.commands.executeCommand("notifications.clearAll");
      await vscode.commands.executeCommand("dockwright.openSbom", none);
      assert.match(await noteThat("neither CycloneDX nor SPDX"), /none\.json/);
      await vscode.commands.executeCommand("notifications.clearAll");
    });
  });

  suite("Generate CI Files", () => {
    const target = file(".github", "workflows", "container.yml");

    suiteTeardown(async () => {
      await vscode.workspace.fs.delete(file(".github"), { recursive: true });
    });

    const shownUri = (): vscode.Uri | undefined => vscode.window.activeTextEditor?.document.uri;

    test("the workflow is a document to look at, and written when it is saved", async () => {
      const command = vscode.commands.executeCommand("dockwright.generateCi", { provider: "github" });
      await hand("accept"); // all Dockerfiles
      await hand("answer", "ghcr.io/team/app");
      await hand("pick", "high");
      await hand("pick", "Leave placeholders");
      await eventually("the document", () => shownUri()?.scheme === "untitled");
      assert.equal(shownUri()?.path, target.path);
      await assert.rejects(async () => vscode.workspace.fs.stat(target), "nothing is written before");
      await vscode.commands.executeCommand("workbench.action.files.save");
      await eventually("the file", () => shownUri()?.toString() === target.toString());
      await vscode.commands.executeCommand("notifications.clearAll");
      await command;
      const text = await textOfFile(target);
      assert.match(text, /TO BE RESOLVED/);
      assert.match(text, /repository: "ghcr\.io\/team\/app\/node"\n\s+file: "node\/Dockerfile"/);
    });
  });
}

/** Waits until the view of SBOMs looks like this. */
async function rows(wanted: RegExp): Promise<void> {
  let shown = "";
  for (let tries = 0; tries < 100; tries += 1) {
    shown = (await hand<readonly string[]>("treeRows", "SBOMs")).join("\n");
    if (wanted.test(shown)) return;
    await pause();
  }
  assert.match(shown, wanted);
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

/** The notification with these words, as soon as there is one. */
async function noteThat(words: string): Promise<string> {
  // Three show by themselves, and those of other tests may.
  await vscode.commands.executeCommand("notifications.showList");
  for (let tries = 0; tries < 100; tries += 1) {
    const found = (await hand<readonly string[]>("notifications")).find((message) => message.includes(words));
    if (found !== undefined) return found;
    await pause();
  }
  throw new Error(`no notification says ${words}`);
}
