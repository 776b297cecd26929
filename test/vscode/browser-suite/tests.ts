/** What works in an editor without a machine behind it: everything that needs the text alone. */
import * as vscode from "vscode";

interface BrowserTest {
  readonly name: string;
  readonly run: () => Promise<void>;
}

const DOCKERFILE = [
  "FROM node:22-slim@sha256:" + "5".repeat(64),
  "run apt-get install curl",
  "ADD app.js /app/",
  "CMD node /app/app.js",
  "",
].join("\n");
const COMPOSE = [
  "services:",
  "  web:",
  "    image: nginx:1.27",
  "    ports:",
  "      - 80:80",
  "    imge: nginx",
  "",
].join("\n");
const PATIENCE_MS = 20_000;

function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

async function eventually<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const began = Date.now(); Date.now() - began < PATIENCE_MS; ) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: not within ${PATIENCE_MS} ms`);
}

const open = async (language: string, content: string): Promise<vscode.TextDocument> => {
  const document = await vscode.workspace.openTextDocument({ language, content });
  await vscode.window.showTextDocument(document);
  return document;
};

const rulesIn = (document: vscode.TextDocument): readonly string[] =>
  vscode.languages
    .getDiagnostics(document.uri)
    .map(({ code }) => String(typeof code === "object" ? code.value : code))
    .toSorted();

const rulesFound = (document: vscode.TextDocument): Promise<readonly string[]> =>
  eventually("findings", () => {
    const rules = rulesIn(document);
    return rules.length > 0 ? rules : undefined;
  });

export const tests: readonly BrowserTest[] = [
  {
    name: "the extension host is the browser's, and the extension is active in it",
    async run() {
      assert(vscode.env.uiKind === vscode.UIKind.Web, "the editor is in a browser");
      assert(typeof WorkerGlobalScope !== "undefined", "the extension host is a worker");
      await open("dockerfile", DOCKERFILE);
      await eventually("activation", () =>
        vscode.extensions.getExtension("dockwright.dockwright")?.isActive === true ? true : undefined,
      );
    },
  },
  {
    name: "a Dockerfile has findings",
    async run() {
      const found = await rulesFound(await open("dockerfile", DOCKERFILE));
      for (const rule of ["instruction-case", "apt-yes", "exec-form"])
        assert(found.includes(rule), `${rule} is among ${found.join(" ")}`);
    },
  },
  {
    name: "so has a file of the folder that is open",
    async run() {
      const [uri] = await vscode.workspace.findFiles("node/Dockerfile");
      assert(uri !== undefined, "the folder has node/Dockerfile");
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document);
      const found = await rulesFound(document);
      assert(found.includes("maintainer-deprecated"), found.join(" "));
    },
  },
  {
    name: "all safe fixes are applied, and undone in one step",
    async run() {
      const document = await open("dockerfile", DOCKERFILE);
      await rulesFound(document);
      await vscode.commands.executeCommand("dockwright.fixAllSafe");
      await eventually("the fixes", () =>
        document.getText().includes("RUN apt-get install -y curl") ? true : undefined,
      );
      await vscode.commands.executeCommand("undo");
      await eventually("the undo", () => (document.getText() === DOCKERFILE ? true : undefined));
    },
  },
  {
    name: "a compose file has findings and completion",
    async run() {
      const document = await open("dockercompose", COMPOSE);
      const found = await rulesFound(document);
      assert(found.includes("compose-schema"), found.join(" "));
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        "vscode.executeCompletionItemProvider",
        document.uri,
        new vscode.Position(2, 4),
      );
      assert(
        list.items.some(({ label }) => (typeof label === "string" ? label : label.label) === "healthcheck"),
        "healthcheck is offered",
      );
    },
  },
  {
    name: "a Dockerfile has completion, hover, an outline and formatting",
    async run() {
      const document = await open(
        "dockerfile",
        "FROM scratch AS base\nFROM scratch\nCOPY --from=b  a /\nRUN echo a && \\\necho b\n",
      );
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        "vscode.executeCompletionItemProvider",
        document.uri,
        new vscode.Position(2, 13),
      );
      assert(
        list.items.some(({ label }) => (typeof label === "string" ? label : label.label) === "base"),
        `the stage is offered among ${list.items.map(({ label }) => (typeof label === "string" ? label : label.label)).join(" ")}`,
      );
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        document.uri,
        new vscode.Position(2, 1),
      );
      const texts = hovers.flatMap(({ contents }) =>
        contents.map((each) => (typeof each === "string" ? each : each.value)),
      );
      assert(
        texts.some((text) => text.includes("COPY")),
        texts.join("\n"),
      );
      const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
        "vscode.executeDocumentSymbolProvider",
        document.uri,
      );
      assert(
        symbols.some(({ name }) => name.includes("base")),
        JSON.stringify(symbols),
      );
      const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>(
        "vscode.executeFormatDocumentProvider",
        document.uri,
        { tabSize: 4, insertSpaces: true },
      );
      assert(edits.length > 0, "there is something to lay out");
    },
  },
  {
    name: "a rule's page can be read",
    async run() {
      const page = await vscode.workspace.openTextDocument(vscode.Uri.parse("dockwright-rule:apt-yes.md"));
      assert(page.getText().startsWith("# apt-yes"), page.getText().slice(0, 200));
    },
  },
  {
    name: "a command that needs programs is there and does nothing",
    async run() {
      void vscode.commands.executeCommand("dockwright.buildImage");
      const commands = await vscode.commands.getCommands(true);
      assert(commands.includes("dockwright.buildImage"), "the command is registered");
    },
  },
  {
    name: "the server starts anew",
    async run() {
      await vscode.commands.executeCommand("dockwright.restartServer");
      const found = await rulesFound(await open("dockerfile", "FROM scratch\nMAINTAINER someone\n"));
      assert(found.includes("maintainer-deprecated"), found.join(" "));
    },
  },
];
