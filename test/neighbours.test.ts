/** What other extensions do for Dockerfiles and compose files, so that nothing is shown twice. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { claimedByOthers } from "../client/src/neighbours/table.ts";

const DX = "docker.docker";
const CONTAINERS = "ms-azuretools.vscode-containers";
const YAML = "redhat.vscode-yaml";

const DOCKER = "ms-azuretools.vscode-docker";
const COMPOSE_OFF = { "docker.extension.enableComposeLanguageServer": false };
const SERVER = "completion hover links signatureHelp symbols";

const cases: readonly {
  readonly name: string;
  readonly installed: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly compose: string;
  readonly dockerfile: string;
}[] = [
  { name: "nobody else", installed: [], compose: "", dockerfile: "" },
  {
    name: "Docker DX shows no findings of the shared server",
    installed: [DX],
    compose: "completion hover inlayHints links navigation symbols",
    dockerfile: SERVER.replace("symbols", "stageSeparators symbols"),
  },
  {
    name: "Docker DX switched off for compose files, and its lines as well",
    installed: [DX],
    settings: { ...COMPOSE_OFF, "docker.extension.editor.dockerfileBuildStageDecorationLines": false },
    compose: "",
    dockerfile: SERVER,
  },
  {
    name: "Container Tools",
    installed: [CONTAINERS],
    compose: "codeLens completion hover",
    dockerfile: `${SERVER} validation`,
  },
  {
    name: "Container Tools switched off for compose files",
    installed: [CONTAINERS],
    settings: { "containers.enableComposeLanguageService": false },
    compose: "",
    dockerfile: `${SERVER} validation`,
  },
  {
    name: "Docker DX beside Container Tools still draws its lines",
    installed: [CONTAINERS, DX],
    compose: "codeLens completion hover inlayHints links navigation symbols",
    dockerfile: `${SERVER.replace("symbols", "stageSeparators symbols")} validation`,
  },
  { name: "the old Docker extension", installed: [DOCKER], compose: "", dockerfile: `${SERVER} validation` },
  {
    name: "YAML validates",
    installed: [YAML],
    compose: "completion hover symbols validation",
    dockerfile: "",
  },
  {
    name: "YAML with parts switched off",
    installed: [YAML],
    settings: { "yaml.validate": false, "yaml.hover": false },
    compose: "completion symbols",
    dockerfile: "",
  },
  {
    name: "YAML steps back where Docker DX is at work",
    installed: [YAML, DX],
    compose: "completion hover inlayHints links navigation symbols",
    dockerfile: SERVER.replace("symbols", "stageSeparators symbols"),
  },
  {
    name: "and does not where that is switched off",
    installed: [YAML, DX],
    settings: COMPOSE_OFF,
    compose: "completion hover symbols validation",
    dockerfile: SERVER.replace("symbols", "stageSeparators symbols"),
  },
];
for (const { name, installed, settings = {}, compose, dockerfile } of cases)
  test(`features of others: ${name}`, () => {
    const claims = claimedByOthers({ isInstalled: (id) => installed.includes(id), setting: (id) => settings[id] });
    const of = (language: string): string =>
      claims.flatMap((claim) => (claim.startsWith(`${language}.`) ? [claim.slice(language.length + 1)] : [])).join(" ");
    assert.deepEqual({ compose: of("compose"), dockerfile: of("dockerfile") }, { compose, dockerfile });
  });
