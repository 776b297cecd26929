/**
 * The server as a web worker, for an editor that runs in a browser: the same rules and features, without the world outside. Questions about files
 * and images stay unknown there (scripts/without-effects.ts says what stands for the modules that would find out).
 */
import { BrowserMessageReader, BrowserMessageWriter } from "vscode-languageserver/browser";
import manifest from "../../../../package.json" with { type: "json" };
import { rules } from "../../core/rules/index.ts";
import { createAnswers } from "../../effects/answers.ts";
import { createServer } from "../server.ts";

createServer({
  reader: new BrowserMessageReader(self),
  writer: new BrowserMessageWriter(self),
  rules,
  answers: () => createAnswers({}),
  // No thread looks at images here: there is no program for one.
  imageThread: { worker: "" },
  version: manifest.version,
  exit: () => self.close(),
});
