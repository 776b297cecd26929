import assert from "node:assert/strict";
import * as vscode from "vscode";

test("the extension is there", () => {
  assert.ok(vscode.extensions.getExtension("dockwright.dockwright"));
});
