/** Reports after the window was reloaded: a second store that reads what the first one kept. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "mocha";
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { keptReports } from "../../../client/src/scanners/kept.ts";
import type { Report } from "../../../client/src/scanners/report.ts";
import { createFindings, type Findings } from "../../../client/src/views/findings/store.ts";
import { noFilter, type TreeNode, treeOf } from "../../../client/src/views/findings/tree.ts";
import { openDockerfile } from "./documents.ts";

/** A server that is not there: what is restored has to be shown all the same. */
// oxlint-disable-next-line typescript/consistent-type-assertions -- what the store calls of it
const client = {
  isRunning: () => false,
  onDidChangeState: () => new vscode.Disposable(() => {}),
  sendRequest: () => Promise.reject(new Error("not running")),
  code2ProtocolConverter: { asUri: (uri: vscode.Uri) => uri.toString() },
} as unknown as LanguageClient;

const reportOf = (image: string, scannedAt: number, uri?: vscode.Uri): Report => ({
  scanner: "grype",
  scannerVersion: "0.116.0",
  target: { kind: "image", image },
  findings: [
    {
      ...{ kind: "vulnerability", id: "CVE-1", aliases: [], severity: "critical", title: "t", fixed: ["2"] },
      package: { name: "zlib", version: "1", type: "deb" },
    },
  ],
  suppressed: 0,
  scannedAt,
  warnings: [],
  ...(uri && { dockerfile: { uri: uri.toString() } }),
});

const roots = (findings: Findings): readonly TreeNode[] => treeOf(findings.inputs(), "severity", noFilter);

suite("kept reports", () => {
  test("are shown with their time; what is scanned again is new, and what was removed stays away", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dockwright-kept-"));
    const stores: Findings[] = [];
    const store = (): { readonly findings: Findings; readonly written: () => Promise<void> } => {
      const kept = keptReports(join(folder, "scans.json"));
      const findings = createFindings(client, kept);
      stores.push(findings);
      return { findings, written: () => kept.write(findings.reports()) };
    };
    try {
      const { document } = await openDockerfile("FROM scratch\n");
      const gone = vscode.Uri.joinPath(document.uri, "..", "gone", "Dockerfile");
      const before = store();
      const at = Date.parse("2026-03-04T05:06:00");
      for (const report of [reportOf("app:1", at, document.uri), reportOf("gone:1", at, gone), reportOf("old:1", at)])
        await before.findings.add(report);
      before.findings.remove(reportOf("old:1", at));
      await before.written();

      const { findings, written } = store();
      assert.deepEqual(roots(findings), []);
      await findings.restore();
      assert.deepEqual(
        roots(findings).map(({ label }) => label),
        ["gone:1", "app:1"],
      );
      const time = new Date(at).toLocaleString(undefined, { dateStyle: "short", timeStyle: "short" });
      for (const { description, tooltip, spoken, children } of roots(findings)) {
        assert.deepEqual([description, children[0]?.label], ["1 critical", `From ${time}`]);
        assert.match(tooltip, /grype 0\.116\.0|Grype 0\.116\.0/);
        assert.ok(spoken.endsWith(`from ${time}`));
      }
      await findings.add(reportOf("app:1", Date.now(), document.uri));
      const [newest] = roots(findings);
      assert.deepEqual([newest?.label, newest?.children.map(({ label }) => label)], ["app:1", ["Critical"]]);
      await written();
    } finally {
      for (const each of stores) each.dispose();
      rmSync(folder, { recursive: true });
    }
  });
});
