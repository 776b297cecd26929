/** What other extensions do for compose files, so that nothing is shown twice. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { claimedByOthers } from "../client/src/neighbours/table.ts";

const DX = "docker.docker";
const CONTAINERS = "ms-azuretools.vscode-containers";
const YAML = "redhat.vscode-yaml";

const cases: readonly {
  readonly name: string;
  readonly installed: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly claimed: string;
}[] = [
  { name: "nobody else", installed: [], claimed: "" },
  {
    name: "Docker DX validates nothing",
    installed: [DX],
    claimed: "completion formatting hover inlayHints links navigation symbols",
  },
  {
    name: "Docker DX switched off",
    installed: [DX],
    settings: { "docker.extension.enableComposeLanguageServer": false },
    claimed: "",
  },
  { name: "Container Tools", installed: [CONTAINERS], claimed: "codeLens completion formatting hover" },
  { name: "YAML validates", installed: [YAML], claimed: "completion formatting hover symbols validation" },
  {
    name: "YAML with parts switched off",
    installed: [YAML],
    settings: { "yaml.validate": false, "yaml.hover": false },
    claimed: "completion formatting symbols",
  },
  {
    name: "YAML steps back where Docker DX is at work",
    installed: [YAML, DX],
    claimed: "completion formatting hover inlayHints links navigation symbols",
  },
  {
    name: "and does not where that is switched off",
    installed: [YAML, DX],
    settings: { "docker.extension.enableComposeLanguageServer": false },
    claimed: "completion formatting hover symbols validation",
  },
];
for (const { name, installed, settings = {}, claimed } of cases)
  test(`compose features of others: ${name}`, () =>
    assert.equal(
      claimedByOthers({ isInstalled: (id) => installed.includes(id), setting: (id) => settings[id] }).join(" "),
      claimed,
    ));
