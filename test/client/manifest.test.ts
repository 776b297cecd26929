/** What package.json says of the commands that build, scan, list, sign and generate: nothing is left out, for any of them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly icon?: string;
  readonly enablement?: string;
}
interface Entry {
  readonly command: string;
  readonly when?: string;
}
interface Contributes {
  readonly commands: readonly Command[];
  readonly menus: Readonly<Record<string, readonly Entry[]>>;
  readonly views: Readonly<Record<string, readonly { readonly id: string; readonly type?: string }[]>>;
  readonly viewsWelcome: readonly { readonly view: string; readonly when?: string; readonly contents: string }[];
}

const { contributes } = JSON.parse(readFileSync(new URL("../../client/contributes.json", import.meta.url), "utf8")) as {
  readonly contributes: Contributes;
};

/** A Dockerfile, or what may be a compose file. */
const OURS = "editorLangId =~ /^(dockerfile|dockercompose|yaml)$/";

/**
 * `palette`: what has to hold for it to be found there, `row` for what is about a row or a link and is found at it. `trust`: it runs
 * programs, or reads what is beside the open file, and waits until the workspace is trusted.
 */
const TABLE: Readonly<Record<string, { readonly palette: string; readonly trust: boolean }>> = {
  buildImage: { palette: "isWorkspaceTrusted", trust: true },
  buildImageWithOptions: { palette: "isWorkspaceTrusted", trust: true },
  checkBuild: { palette: "isWorkspaceTrusted", trust: true },
  selectBuilder: { palette: "isWorkspaceTrusted", trust: true },
  createBuilder: { palette: "isWorkspaceTrusted", trust: true },
  checkReproducibility: { palette: "isWorkspaceTrusted", trust: true },
  scanImage: { palette: "isWorkspaceTrusted", trust: true },
  scanBaseImages: { palette: "isWorkspaceTrusted && editorLangId == dockerfile", trust: true },
  scanWorkspace: { palette: "isWorkspaceTrusted && workspaceFolderCount > 0", trust: true },
  scanAgain: { palette: "isWorkspaceTrusted && dockwright.hasFindings", trust: true },
  updateBaseImage: { palette: "isWorkspaceTrusted && editorLangId == dockerfile", trust: true },
  bumpPackage: { palette: "row", trust: true },
  ignoreVulnerability: { palette: "row", trust: true },
  exportSarif: { palette: "dockwright.hasFindings", trust: false },
  "findings.open": { palette: "row", trust: false },
  "findings.openAdvisory": { palette: "row", trust: false },
  "findings.group": { palette: "dockwright.hasFindings", trust: false },
  "findings.filter": { palette: "dockwright.hasFindings", trust: false },
  "findings.clearFilter": { palette: "dockwright.findingsFiltered", trust: false },
  "findings.clear": { palette: "dockwright.hasFindings", trust: false },
  generateSbom: { palette: "isWorkspaceTrusted", trust: true },
  openSbom: { palette: "true", trust: false },
  saveSbom: { palette: "dockwright.hasSboms", trust: false },
  closeSbom: { palette: "dockwright.hasSboms", trust: false },
  filterSbom: { palette: "dockwright.hasSboms", trust: false },
  groupSbom: { palette: "dockwright.hasSboms", trust: false },
  findPackage: { palette: "isWorkspaceTrusted", trust: true },
  compareSboms: { palette: "isWorkspaceTrusted", trust: true },
  pushImage: { palette: "isWorkspaceTrusted", trust: true },
  signImage: { palette: "isWorkspaceTrusted", trust: true },
  attachSbom: { palette: "isWorkspaceTrusted", trust: true },
  verifyImage: { palette: "isWorkspaceTrusted", trust: true },
  pinImage: { palette: `isWorkspaceTrusted && ${OURS}`, trust: true },
  lookUpImage: { palette: `isWorkspaceTrusted && ${OURS}`, trust: true },
  updateDigest: { palette: `isWorkspaceTrusted && ${OURS}`, trust: true },
  updateAllDigests: { palette: `isWorkspaceTrusted && ${OURS}`, trust: true },
  pinWorkspace: { palette: "isWorkspaceTrusted && workspaceFolderCount > 0", trust: true },
  updateWorkspaceDigests: { palette: "isWorkspaceTrusted && workspaceFolderCount > 0", trust: true },
  verifyRefactoring: {
    palette: "isWorkspaceTrusted && editorLangId == dockerfile && resourceScheme != dockwright-preview",
    trust: true,
  },
  containerize: { palette: "isWorkspaceTrusted && workspaceFolderCount > 0", trust: true },
  generateCi: { palette: "isWorkspaceTrusted && workspaceFolderCount > 0", trust: true },
  replaceCi: { palette: "dockwright.hasCiOffer", trust: true },
  showLayersOf: { palette: "isWorkspaceTrusted", trust: true },
  showBaseImageLayers: { palette: "isWorkspaceTrusted && editorLangId == dockerfile", trust: true },
  compareLayers: { palette: "isWorkspaceTrusted && dockwright.hasLayers", trust: true },
  compareLayersWithLastBuild: { palette: "isWorkspaceTrusted && dockwright.hasLastLayers", trust: true },
  endLayerComparison: { palette: "dockwright.comparesLayers", trust: false },
  refreshLayers: { palette: "isWorkspaceTrusted && dockwright.hasLayers", trust: true },
  closeLayers: { palette: "dockwright.hasLayers", trust: false },
  whyRestricted: { palette: "!isWorkspaceTrusted", trust: false },
};

/** There is no state in which it is of no use: it opens any file. */
const ALWAYS: ReadonlySet<string> = new Set(["openSbom"]);
/** Where else a command is found by keys: menus of rows, files and editors. */
const MENUS = ["view/item/context", "explorer/context", "editor/title"] as const;

const declared = new Map(contributes.commands.map((each) => [each.command, each]));
const entriesIn = (menu: string, command: string): readonly Entry[] =>
  (contributes.menus[menu] ?? []).filter((entry) => entry.command === command);

for (const [name, { palette, trust }] of Object.entries(TABLE))
  describe(name, () => {
    const id = `dockwright.${name}`;
    const command = declared.get(id);
    assert.ok(command, `${id} is not declared`);

    test("has a title, the category and an icon of VS Code's", () => {
      assert.match(command.title, /^[A-Z][\w ,]+…?$/);
      assert.equal(command.category, "Dockwright");
      assert.match(command.icon ?? "", /^\$\([a-z]+(?:-[a-z]+)*\)$/);
    });

    test("is enabled where it can do something, and waits for trust where it has to", () => {
      if (!ALWAYS.has(name)) assert.match(command.enablement ?? "", /^!?[\w.]+(?: (?:&&|>) [\w.]+)*$/);
      const parts = (command.enablement ?? "").split(" && ");
      assert.equal(parts.includes("isWorkspaceTrusted"), trust);
    });

    test("is found by keys: in the palette where it fits, or at the row it is about", () => {
      const [entry, ...more] = entriesIn("commandPalette", id);
      assert.deepEqual(more, []);
      assert.equal(entry?.when, palette === "row" ? "false" : palette);
      if (palette === "row") assert.ok(MENUS.some((menu) => entriesIn(menu, id).length > 0));
      // A key runs what is enabled; the palette shows no more than that.
      if (trust && palette !== "row" && name !== "replaceCi") assert.match(palette, /^isWorkspaceTrusted/);
    });

    test("every menu it is in says when", () => {
      for (const [menu, entries] of Object.entries(contributes.menus))
        for (const entry of entries.filter(({ command: each }) => each === id))
          assert.match(entry.when ?? "", /\S/, `${menu}: ${id}`);
    });
  });

/** Of text alone, of compose files, of the extension itself; and what lenses, messages and links call. */
const OTHERS: ReadonlySet<string> = new Set(
  [
    "fixAllSafe",
    "convertToMultiStage",
    "pinAllBaseImages",
    "unpinImage",
    "explainRule",
    "compose.run",
    "openLine",
    "showLayers",
    "restartServer",
    "showLog",
  ].map((name) => `dockwright.${name}`),
);

test("a command that is new stands in the table above", () => {
  const missing = [...declared.keys()].filter((id) => !OTHERS.has(id) && !(id.replace(/^dockwright\./, "") in TABLE));
  assert.deepEqual(missing, []);
});

test("each view with commands that wait for trust says why they are disabled, and leads to where trust is given", () => {
  // A page says it itself.
  const views = Object.values(contributes.views).flatMap((list) => list.filter(({ type }) => type !== "webview"));
  assert.ok(views.length >= 3);
  for (const { id } of views) {
    const welcome = contributes.viewsWelcome.filter(({ view, when }) => view === id && when === "!isWorkspaceTrusted");
    assert.equal(welcome.length, 1, id);
    assert.match(welcome[0]?.contents ?? "", /Restricted Mode[\s\S]*\(command:workbench\.trust\.manage\)/);
  }
});

test("where a Dockerfile is built from, the reason stands in the place of the command", () => {
  for (const menu of ["editor/title", "explorer/context"]) {
    const [reason] = entriesIn(menu, "dockwright.whyRestricted");
    assert.match(reason?.when ?? "", /^!isWorkspaceTrusted && /);
  }
});
