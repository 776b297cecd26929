/** Settings of the workspace change the findings of open files at once. */
import assert from "node:assert/strict";
import { suite, teardown, test } from "mocha";
import * as vscode from "vscode";
import { actionsAt, findings, nodeExample, ruleOf } from "./documents.ts";

const set = async (name: string, value: unknown): Promise<void> =>
  vscode.workspace.getConfiguration("dockwright").update(name, value, vscode.ConfigurationTarget.Workspace);

suite("settings", () => {
  teardown(async () => {
    for (const name of ["rules", "profile", "offline", "registry.lookups"]) await set(name, undefined);
  });

  test("dockwright.rules switches a rule off and changes a severity", async () => {
    const { document } = await vscode.window.showTextDocument(nodeExample());
    await findings(document, (rules) => rules.includes("apt-yes") && rules.includes("exec-form"));
    await set("rules", { "apt-yes": "off", "exec-form": "error" });
    const found = await findings(document, (rules) => !rules.includes("apt-yes"));
    const execForm = found.find((each) => ruleOf(each) === "exec-form");
    assert.equal(execForm?.severity, vscode.DiagnosticSeverity.Error);
    await set("rules", undefined);
    const back = await findings(document, (rules) => rules.includes("apt-yes"));
    assert.equal(back.find((each) => ruleOf(each) === "exec-form")?.severity, vscode.DiagnosticSeverity.Warning);
  });

  test("dockwright.profile brings more rules", async () => {
    const { document } = await vscode.window.showTextDocument(nodeExample());
    await findings(document, (rules) => rules.includes("apt-yes") && !rules.includes("apt-no-recommends"));
    await set("profile", "all");
    await findings(document, (rules) => rules.includes("apt-no-recommends"));
    await set("profile", undefined);
    await findings(document, (rules) => !rules.includes("apt-no-recommends"));
  });

  test("dockwright.registry.lookups takes the offers away, and counts before the settings that were there before it", async () => {
    const { document } = await vscode.window.showTextDocument(nodeExample());
    await findings(document, (rules) => rules.includes("base-digest-unpinned"));
    const offers = async (): Promise<boolean> =>
      (await actionsAt(document, "node:latest")).some(({ title }) => title.startsWith("Pin "));
    const offersBecome = async (wanted: boolean): Promise<void> => {
      for (let tries = 0; tries < 50 && (await offers()) !== wanted; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(await offers(), wanted);
    };
    await offersBecome(true);
    await set("registry.lookups", "off");
    await offersBecome(false);
    await set("registry.lookups", undefined);
    await offersBecome(true);
    await set("offline", true);
    await offersBecome(false);
    await set("registry.lookups", "onCommand");
    await offersBecome(true);
  });
});
