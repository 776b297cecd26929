/** The projects of test/projects that are built and run, and what is expected of what Dockwright makes of their Dockerfiles. */
import type { Subject } from "../../server/src/core/verify/rows.ts";

export interface Project {
  /** Its folder. */
  readonly name: string;
  /** As a person calls it, for the table. */
  readonly label: string;
  /** Asked besides `/`, `/health` and a page that is not there. */
  readonly paths?: readonly string[];
  /** A change of its source for which it has to be built anew. */
  readonly edit: { readonly file: string; readonly text: string; readonly by: string };
  /** Instructions of the converted file that such a change must not repeat. */
  readonly kept?: RegExp;
  /** Who runs it in the end. */
  readonly user: string;
  /** Whether the converted image has a HEALTHCHECK; where nothing in it can ask, it has none. */
  readonly health: "healthy" | "none";
  /** What the conversion is meant to alter, besides what every one does. */
  readonly declared?: readonly Subject[];
}

const MADE = "10001";

export const PROJECTS: readonly Project[] = [
  {
    name: "node-server",
    label: "Node (Express)",
    paths: ["/static/style.css", "/?name=you"],
    edit: { file: "lib/greeting.js", text: "Hello", by: "Hallo" },
    kept: /RUN .*npm (?:ci|install)/,
    user: "1000",
    health: "healthy",
  },
  {
    name: "node-typescript",
    label: "TypeScript (Express)",
    paths: ["/ui/"],
    edit: { file: "src/index.ts", text: "buy milk", by: "buy bread" },
    kept: /RUN .*npm (?:ci|install)/,
    user: "1000",
    health: "healthy",
  },
  {
    name: "vite-static",
    label: "Vite, static",
    paths: ["/health.json", "/some/page"],
    edit: { file: "src/title.js", text: "Welcome", by: "Willkommen" },
    kept: /RUN .*npm (?:ci|install)/,
    user: "101",
    health: "healthy",
    // nginx needs no working folder.
    declared: ["folder"],
  },
  {
    name: "python-pip",
    label: "Python (Flask, pip, C extension)",
    edit: { file: "app.py", text: "<world>", by: "<Welt>" },
    kept: /RUN .*pip install/,
    user: MADE,
    health: "healthy",
  },
  {
    name: "go-http",
    label: "Go, static",
    edit: { file: "greeting.go", text: "Hello", by: "Hallo" },
    user: "65532",
    health: "none",
  },
  {
    name: "go-cgo",
    label: "Go with C (SQLite)",
    edit: { file: "title.go", text: "ledger", by: "journal" },
    kept: /RUN .*apt-get install/,
    user: MADE,
    health: "healthy",
  },
  {
    name: "rust",
    label: "Rust",
    edit: { file: "src/page.rs", text: "Hello", by: "Hallo" },
    user: "65532",
    health: "none",
  },
  {
    name: "java-javac",
    label: "Java (javac, JDK → JRE)",
    edit: { file: "src/Greeting.java", text: "Hello", by: "Hallo" },
    user: MADE,
    health: "healthy",
  },
  {
    name: "ruby",
    label: "Ruby (Rack, C extension)",
    edit: { file: "lib/page.rb", text: "world", by: "Welt" },
    kept: /RUN .*bundle install/,
    user: MADE,
    health: "healthy",
  },
  {
    name: "elixir",
    label: "Elixir",
    edit: { file: "lib/pinger/page.ex", text: "pong", by: "peng" },
    user: MADE,
    health: "healthy",
  },
  {
    name: "c-cmake",
    label: "C (CMake, SQLite)",
    edit: { file: "page.c", text: "counter", by: "teller" },
    kept: /RUN .*apt-get install/,
    user: MADE,
    health: "healthy",
  },
  {
    name: "c-make",
    label: "C (make)",
    edit: { file: "page.c", text: "Hello", by: "Hallo" },
    user: MADE,
    health: "healthy",
  },
];
