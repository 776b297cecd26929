/**
 * For bundles that run in a browser: the protocol's library is its browser's, paths have slashes, and what only the world outside knows is not
 * there. Calling it throws, which the server answers as it answers any failure; nothing calls it as long as documents are in no folder.
 */
import { dirname, join, relative, sep } from "node:path";
import type { Plugin } from "esbuild";

const root = join(import.meta.dirname, "..");
const EFFECTS = join(root, "server/src/effects") + sep;
/** Where questions meet those who answer them: it does nothing by itself. */
const PURE = [join(EFFECTS, "answers.ts")];

const INSTEAD: Readonly<Record<string, string>> = {
  "vscode-languageserver/node": "vscode-languageserver/browser",
  "node:path": "path-browserify",
  "node:url": "./server/src/lsp/web/url.ts",
};

const NOT_HERE = `
const get = (_, name) => function () { throw new Error(String(name) + " is nothing a browser has"); };
module.exports = Object.create(new Proxy({}, { get })); // esbuild keeps the prototype of a module, and only that of one without properties
`;

export const WITHOUT_EFFECTS: Plugin = {
  name: "without effects",
  setup({ onLoad, onResolve, resolve }) {
    onResolve({ filter: /^(?:node:|vscode-languageserver\/node$)/ }, ({ path, kind }) => {
      const instead = INSTEAD[path];
      return instead === undefined ? { path, namespace: "not here" } : resolve(instead, { kind, resolveDir: root });
    });
    onResolve({ filter: /^\..*\.ts$/ }, ({ path, importer }) => {
      const file = join(dirname(importer), path);
      return file.startsWith(EFFECTS) && !PURE.includes(file)
        ? { path: relative(root, file), namespace: "not here" }
        : undefined;
    });
    onLoad({ filter: /.*/, namespace: "not here" }, () => ({ contents: NOT_HERE, loader: "js" }));
  },
};
