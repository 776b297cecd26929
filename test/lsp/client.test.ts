/** What the VS Code client announces, registers and says fits together; inside VS Code it runs in test/vscode. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import manifest from "../../package.json" with { type: "json" };
import { commandNames } from "../../server/src/lsp/handlers/execute-command.ts";

const CLIENT = new URL("../../client/src/", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, CLIENT), "utf8");
const matches = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? "").sort();

const announced = manifest.contributes.commands.map(({ command }) => command).sort();

test("every command of the manifest has its function, and the other way round", () => {
  assert.deepEqual(matches(read("commands/index.ts"), /^ {2}"(dockwright\.[\w.]+)":/gm), announced);
  assert.ok(announced.length > 6);
  for (const { command, category } of manifest.contributes.commands) assert.equal(category, "Dockwright", command);
});

test("menus name commands that exist", () => {
  for (const { command } of manifest.contributes.menus.commandPalette) assert.ok(announced.includes(command), command);
});

test("the server does not register a command the client registers itself", () => {
  const named = (list: string) =>
    new RegExp(`const ${list} = \\[[^\\]]*\\]`).exec(read("client-options.ts"))?.[0] ?? "";
  const own = matches(named("OWN_COMMANDS"), /"(dockwright\.[\w.]+)"/g);
  const others = matches(named("CLIENT_COMMANDS"), /"(dockwright\.[\w.]+)"/g);
  assert.ok(own.length > 0 && others.length > 0);
  for (const name of others) assert.ok(announced.includes(name) && !commandNames.includes(name), name);
  for (const name of commandNames) if (announced.includes(name)) assert.ok(own.includes(name), name);
  for (const name of own) assert.ok(commandNames.includes(name), name);
});

test("client and server use the same names for messages of their own", () => {
  const files = readdirSync(CLIENT, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const used = new Set(files.flatMap((name) => matches(read(name), /"(dockwright\/\w+)"/g)));
  const server = ["server.ts", "session.ts", "image-acts/confirm.ts"]
    .map((name) => read(`../../server/src/lsp/${name}`))
    .join("\n");
  const served = new Set(matches(server, /"(dockwright\/\w+)"/g));
  assert.deepEqual([...used].sort(), [...served].sort());
});

/** Settings a project may have, once somebody trusts it: they decide what is started, and with which network. */
const OF_THE_PROJECT = [
  ...["shellcheck", "verify.environment", "verify.network", "verify.paths"],
  ...["registry.lookups", "online", "offline"],
].map((name) => `dockwright.${name}`);

test("the extension works without trust, and says what is off", () => {
  assert.equal(manifest.capabilities.untrustedWorkspaces.supported, "limited");
  // A workspace may not choose what is started, and with which credentials, before somebody trusts it.
  const settings = Object.entries(manifest.contributes.configuration.properties);
  const ofTheMachine = settings.filter(([, { scope }]) => scope.startsWith("machine")).map(([name]) => name);
  assert.deepEqual(
    manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.toSorted(),
    [...ofTheMachine, ...OF_THE_PROJECT].toSorted(),
  );
  assert.deepEqual(manifest.activationEvents, [
    "onLanguage:dockerfile",
    "onLanguage:dockercompose",
    "onLanguage:yaml",
    "onLanguage:ignore",
  ]);
});
