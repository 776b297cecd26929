/** The projects that are containerized, built and run for real, with what has to be chosen for the base images there are. */
export interface Built {
  /** For messages. */
  readonly name: string;
  /** From the repository's top. */
  readonly folder: string;
  /** The application's folder in it. */
  readonly app?: string;
  readonly choices?: Readonly<Record<string, string>>;
  /** A text of its files that becomes another one: a version the index of the tests has. */
  readonly adapted?: { readonly file: string; readonly text: string; readonly by: string };
  /** Of what it serves. */
  readonly path: string;
  readonly answer: RegExp;
  /** As Docker says it. */
  readonly user: string;
  /** False where nothing in the image can ask for its health. */
  readonly health?: false;
}

export const BUILT: readonly Built[] = [
  { name: "Node (Express)", folder: "test/projects/node-server", path: "/?name=you", answer: /you/, user: "1000:1000" },
  {
    name: "Node (TypeScript)",
    folder: "test/projects/node-typescript",
    path: "/health",
    answer: /./,
    user: "1000:1000",
  },
  { name: "Vite", folder: "test/projects/vite-static", path: "/", answer: /<script/, user: "101:101" },
  {
    name: "a path of a single page",
    folder: "test/projects/vite-static",
    path: "/no/such/file",
    answer: /<script/,
    user: "101:101",
  },
  { name: "Python (Flask)", folder: "test/projects/python-pip", path: "/health", answer: /./, user: "10001:10001" },
  {
    name: "Go on Debian",
    folder: "test/projects/go-http",
    choices: { "runtime-base": "debian" },
    path: "/",
    answer: /./,
    user: "65532:65532",
  },
  {
    name: "Go on distroless",
    folder: "test/projects/go-http",
    choices: { "runtime-base": "distroless" },
    path: "/health",
    answer: /./,
    user: "65532:65532",
    health: false,
  },
  { name: "Go with C", folder: "test/projects/go-cgo", path: "/health", answer: /./, user: "65532:65532" },
  // Of Debian 13, which has this one.
  {
    name: "Rust",
    folder: "test/projects/rust",
    choices: { "rust-version": "1.85" },
    path: "/health",
    answer: /./,
    user: "65532:65532",
  },
  { name: "C, CMake", folder: "test/projects/c-cmake", path: "/health", answer: /./, user: "65532:65532" },
  { name: "C, make", folder: "test/projects/c-make", path: "/health", answer: /./, user: "65532:65532" },
  {
    name: "the example go",
    folder: "examples/go",
    choices: { "runtime-base": "debian" },
    path: "/?name=you",
    answer: /Hello, you!/,
    user: "65532:65532",
  },
  { name: "the example node", folder: "examples/node", path: "/notes", answer: /^200 \[\]/, user: "1000:1000" },
  {
    name: "the example python",
    folder: "examples/python",
    adapted: { file: "requirements.txt", text: "Flask==3.1.2", by: "Flask==3.1.1" },
    path: "/health",
    answer: /200 ok/,
    user: "10001:10001",
  },
  { name: "the example static", folder: "examples/static", path: "/", answer: /<html|<!doctype/i, user: "101:101" },
];
