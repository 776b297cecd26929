/** Scans by the real Trivy that test/vscode/run.ts has put on PATH: what it finds is at its line, on the hover, and can be dealt with. */
import assert from "node:assert/strict";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import type { Finding, Report } from "../../../client/src/scanners/report.ts";
import { build } from "./builds.ts";
import { findings, openDockerfile, rangeOf, textOfFile, workspaceFolder } from "./documents.ts";

import { hand, hasHands } from "./hands.ts";

const host = process.env["DOCKWRIGHT_TEST_SCAN"];

interface Sarif {
  readonly runs: readonly {
    readonly properties: { readonly target: string };
    readonly results: readonly {
      readonly ruleId: string;
      readonly locations: readonly [
        {
          readonly physicalLocation: {
            readonly artifactLocation: { readonly uri: string };
            readonly region: { readonly startLine: number };
          };
        },
      ];
    }[];
  }[];
}

let exports = 0;

/** What the view has, as it is exported: `target id file:line`. Nothing is exported when there is no report. */
async function exported(): Promise<readonly string[]> {
  exports += 1;
  const file = vscode.Uri.joinPath(workspaceFolder(), `scans-${exports}.sarif`);
  await vscode.commands.executeCommand("dockwright.exportSarif", undefined, file);
  let text: string;
  try {
    text = await textOfFile(file);
  } catch {
    return [];
  }
  const { runs } = JSON.parse(text) as Sarif;
  return runs.flatMap(({ properties, results }) =>
    results.map(({ ruleId, locations: [{ physicalLocation }] }) => {
      const name = physicalLocation.artifactLocation.uri.split("/").at(-1);
      return `${properties.target.split("/").at(-1)} ${ruleId} ${name}:${physicalLocation.region.startLine}`;
    }),
  );
}

const clear = (): Thenable<void> => vscode.commands.executeCommand("dockwright.findings.clear");

const node = (finding: Partial<Finding>, uri: vscode.Uri): { readonly finding: Finding; readonly report: Report } => ({
  finding: { kind: "vulnerability", id: "CVE-1", aliases: [], severity: "high", title: "", fixed: [], ...finding },
  report: {
    scanner: "trivy",
    scannerVersion: "",
    target: { kind: "image", image: "app" },
    findings: [],
    suppressed: 0,
    scannedAt: 0,
    warnings: [],
    dockerfile: { uri: uri.toString() },
  },
});

async function hoverAt(document: vscode.TextDocument, word: string): Promise<string> {
  const { start } = rangeOf(document, word);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    start,
  );
  return hovers
    .flatMap(({ contents }) => contents.map((content) => (typeof content === "string" ? content : content.value)))
    .join("\n");
}

const lodash: Partial<Finding> = {
  id: "CVE-2021-23337",
  package: { name: "lodash", version: "4.17.20", type: "npm" },
  fixed: ["4.17.21"],
};

if (host !== undefined)
  suite("scans", function () {
    this.timeout(120_000);
    const base = `${host}/team/base:1.0.0`;
    const text = `# syntax of the line numbers\nFROM ${base}\nCOPY lodash /app/node_modules/lodash\nUSER root\nCMD ["/app"]\n`;

    test("base images: each finding at its FROM, a summary on the hover, no squiggle", async () => {
      const { document } = await openDockerfile(text);
      await findings(document);
      const before = vscode.languages.getDiagnostics(document.uri).length;
      await vscode.commands.executeCommand("dockwright.scanBaseImages");
      const found = await exported();
      assert.ok(found.includes("base:1.0.0 CVE-2022-37434 Dockerfile:2"), found.join("\n"));
      assert.ok(found.includes("base:1.0.0 CVE-2023-45853 Dockerfile:2"), found.join("\n"));
      const hover = await hoverAt(document, base);
      assert.match(hover, /Scan of[\s\S]*2 critical[\s\S]*1 with a fix/);
      assert.equal(vscode.languages.getDiagnostics(document.uri).length, before);
      const config = vscode.workspace.getConfiguration("dockwright");
      await config.update("scan.hover", false, vscode.ConfigurationTarget.Workspace);
      try {
        let without = hover;
        for (let tries = 0; tries < 50 && without.includes("Scan of"); tries += 1) {
          await new Promise((resolve) => setTimeout(resolve, 100));
          without = await hoverAt(document, base);
        }
        assert.ok(!without.includes("Scan of"), without);
      } finally {
        await config.update("scan.hover", undefined, vscode.ConfigurationTarget.Workspace);
      }
      await clear();
    });

    test("an image that was built from the file: each finding at the instruction whose layer brought it", async () => {
      const { document } = await openDockerfile(text);
      await vscode.commands.executeCommand("dockwright.scanImage", `${host}/team/app:1`, document.uri.toString());
      const found = await exported();
      for (const line of [
        "app:1 CVE-2022-37434 Dockerfile:2",
        "app:1 CVE-2021-23337 Dockerfile:3",
        "app:1 DS-0002 Dockerfile:4",
      ])
        assert.ok(found.includes(line), found.join("\n"));
      if (hasHands) {
        const rows = await hand<readonly string[]>("treeRows", "Findings");
        // What tells it apart first; then numbers that are those of the groups below.
        assert.match(rows[0] ?? "", /^app:1 ?2 critical, 1 high\b.*team/, rows.join("\n"));
        for (const row of [/^Critical ?2 findings/, /^High ?1 finding$/, /^Dockwright ?\d+ finding/])
          assert.ok(
            rows.some((each) => row.test(each)),
            `${row} in\n${rows.join("\n")}`,
          );
      }
      assert.match(await hoverAt(document, base), /as part of/);
      await clear();
    });

    test("an image a compose file names: by its lens, at its line", async () => {
      const uri = vscode.Uri.joinPath(workspaceFolder(), "scanned", "compose.yaml");
      const services = `services:\n  web:\n    image: ${base}\n`;
      await vscode.workspace.fs.writeFile(uri, Buffer.from(services));
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document);
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri);
      const lens = lenses.find(({ command }) => command?.title === "Scan image");
      assert.ok(lens?.command, lenses.map(({ command }) => command?.title).join());
      assert.equal(lens.range.start.line, 2);
      await vscode.commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []));
      const found = await exported();
      assert.ok(found.includes("base:1.0.0 CVE-2022-37434 compose.yaml:3"), found.join("\n"));
      await clear();
      if (hasHands) {
        const scanning = vscode.commands.executeCommand("dockwright.scanImage");
        const rows = await hand<readonly string[]>("pickRows");
        assert.ok(
          rows.some((row) => row.includes(base)),
          rows.join("\n"),
        );
        // The list has longer names that begin so.
        await hand("search", `${host}/team/base:1`);
        await scanning;
        assert.deepEqual(await exported(), []);
        await vscode.commands.executeCommand("notifications.clearAll");
      }
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(uri, ".."), { recursive: true });
    });

    test("an image that was just built here, each finding on its line", async () => {
      const { document } = await openDockerfile(text);
      const folder = vscode.Uri.joinPath(document.uri, "..");
      const manifest = JSON.stringify({ name: "lodash", version: "4.17.20" });
      await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, "lodash", "package.json"), Buffer.from(manifest));
      assert.equal(await build(document.uri), 0);
      const image = `${folder.path.split("/").at(-1)}:latest`;
      await vscode.commands.executeCommand("dockwright.scanImage", image, document.uri.toString());
      const found = await exported();
      for (const line of [`${image} CVE-2022-37434 Dockerfile:2`, `${image} CVE-2021-23337 Dockerfile:3`])
        assert.ok(found.includes(line), found.join("\n"));
      await clear();
    });

    test("the workspace: lock files", async () => {
      const folder = vscode.Uri.joinPath(workspaceFolder(), "locked");
      const lock = {
        name: "app",
        lockfileVersion: 3,
        packages: { "": { dependencies: { lodash: "4.17.20" } }, "node_modules/lodash": { version: "4.17.20" } },
      };
      await vscode.workspace.fs.writeFile(
        vscode.Uri.joinPath(folder, "package-lock.json"),
        Buffer.from(JSON.stringify(lock)),
      );
      await vscode.commands.executeCommand("dockwright.scanWorkspace");
      const found = await exported();
      assert.ok(
        found.some((line) => line.endsWith("CVE-2021-23337 package-lock.json:1")),
        found.join("\n"),
      );
      await clear();
    });

    test("an image that is in no registry and a name that is an option leave no report", async () => {
      await clear();
      for (const image of [`${host}/team/none:1`, "--help"])
        await vscode.commands.executeCommand("dockwright.scanImage", image);
      assert.deepEqual(await exported(), []);
      await vscode.commands.executeCommand("notifications.clearAll");
    });

    test("Update Base Image puts the tag in that removes most, as one edit", async () => {
      const { document } = await openDockerfile(text);
      const updating = vscode.commands.executeCommand("dockwright.updateBaseImage");
      for (let tries = 0; tries < 600 && !document.getText().includes("base:2.0.0"); tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 150));
        await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      }
      await updating;
      assert.equal(document.getText(), text.replace("base:1.0.0", "base:2.0.0"));
      await vscode.commands.executeCommand("undo");
      assert.equal(document.getText(), text);
      await clear();
    });

    test("Bump Package", async () => {
      const { document } = await openDockerfile("FROM node\nRUN npm install -g lodash@4.17.20 express@4\n");
      await vscode.commands.executeCommand("dockwright.bumpPackage", node(lodash, document.uri));
      assert.equal(document.getText(), "FROM node\nRUN npm install -g lodash@4.17.21 express@4\n");
    });

    test("Ignore writes the file with its reason, keeps what is there, and one more is added below", async () => {
      const { document } = await openDockerfile(text);
      const file = vscode.Uri.joinPath(workspaceFolder(), ".trivyignore.yaml");
      const ignore = (id: string): Thenable<void> =>
        vscode.commands.executeCommand("dockwright.ignoreVulnerability", node({ ...lodash, id }, document.uri), {
          reason: "only in tests",
        });
      await ignore("CVE-2021-23337");
      const entry = (id: string): string => `  - id: ${id}\n    statement: only in tests\n`;
      assert.equal(await textOfFile(file), `vulnerabilities:\n${entry("CVE-2021-23337")}`);
      await ignore("CVE-2020-28500");
      assert.equal(await textOfFile(file), `vulnerabilities:\n${entry("CVE-2021-23337")}${entry("CVE-2020-28500")}`);
      await vscode.commands.executeCommand("dockwright.scanImage", `${host}/team/app:1`, document.uri.toString());
      const found = await exported();
      assert.ok(found.includes("app:1 CVE-2022-37434 Dockerfile:2"), found.join("\n"));
      assert.ok(!found.some((line) => line.includes("CVE-2021-23337")), found.join("\n"));
      await vscode.workspace.fs.delete(file);
      await clear();
    });
  });
