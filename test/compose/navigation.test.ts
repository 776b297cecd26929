/** Definitions, references, highlights, outline, folding, selections, links and lenses of compose files. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { composeArguments, lensesOf } from "../../server/src/core/features/compose/code-lens.ts";
import { definitionAt } from "../../server/src/core/features/compose/definition.ts";
import { filesToRun } from "../../server/src/core/features/compose/files.ts";
import { foldsOf } from "../../server/src/core/features/compose/folding.ts";
import { linksOf } from "../../server/src/core/features/compose/links.ts";
import { highlightsAt, referencesAt } from "../../server/src/core/features/compose/references.ts";
import { selectionsAt } from "../../server/src/core/features/compose/selection.ts";
import { imagePage } from "../../server/src/core/features/pages.ts";
import { outlineOf, type OutlineSymbol } from "../../server/src/core/features/compose/symbols.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import { cursorIn, filesFrom, unmarked } from "./project-files.ts";

type Texts = Readonly<Record<string, string>>;
const PATH = "/p/compose.yaml";

/** `path:offset text` of each target; `path` alone for a whole file. */
function definitions(texts: Texts): readonly string[] {
  const { text, offset } = cursorIn(texts[PATH] ?? "");
  const all: Texts = { ...texts, [PATH]: text };
  const found = definitionAt(PATH, offset, filesFrom(all))?.targets ?? [];
  return found.map(({ path, span }) =>
    span ? `${path}:${span.start} ${all[path]?.slice(span.start, span.end)}` : path,
  );
}

const DEFINITIONS: readonly (readonly [string, Texts, readonly string[]])[] = [
  ["a service in the same file", { [PATH]: "services:\n  a: {depends_on: [¦b]}\n  b: {image: x}\n" }, [`${PATH}:35 b`]],
  [
    "a service of an included file",
    {
      [PATH]: "include: [db/c.yaml]\nservices:\n  a: {depends_on: [¦b]}\n",
      "/p/db/c.yaml": "services: {b: {image: x}}\n",
    },
    ["/p/db/c.yaml:11 b"],
  ],
  [
    "a service of a file that includes this one, and one over it",
    {
      [PATH]: "services:\n  a: {depends_on: [¦b]}\n",
      "/p/compose.override.yaml": "services: {b: {restart: always}}\n",
      "/p/top.yaml": "include: [compose.yaml]\nservices: {b: {image: x}}\n",
    },
    ["/p/compose.override.yaml:11 b", "/p/top.yaml:35 b"],
  ],
  [
    "the service that is extended in another file",
    { [PATH]: "services:\n  a: {extends: {file: ../c.yml, service: ¦a}}\n", "/c.yml": "services: {a: {image: x}}\n" },
    ["/c.yml:11 a"],
  ],
  ["an anchor", { [PATH]: "x-a: &base {}\nservices: {a: *ba¦se}\n" }, [`${PATH}:6 base`]],
  [
    "the stage of a target, the last of its name, in any case",
    {
      [PATH]: "services: {a: {build: {context: api, target: pr¦od}}}\n",
      "/p/api/Dockerfile": "FROM a AS prod\nFROM b AS Prod\nFROM c\n",
    },
    ["/p/api/Dockerfile:25 Prod"],
  ],
  [
    "a stage by its number, of another Dockerfile",
    {
      [PATH]: "services: {a: {build: {context: api, dockerfile: ../x.Dockerfile, target: '1¦'}}}\n",
      "/p/x.Dockerfile": "FROM a\nFROM b\n",
    },
    ["/p/x.Dockerfile:7 FROM"],
  ],
  [
    "a build argument, everywhere it is declared",
    {
      [PATH]: "services: {a: {build: {args: {VER¦SION: 1}}}}\n",
      "/p/Dockerfile": "ARG VERSION=1\nFROM a\nARG VERSION\n",
    },
    ["/p/Dockerfile:4 VERSION", "/p/Dockerfile:25 VERSION"],
  ],
  [
    "a variable in .env, the last line of it",
    { [PATH]: "services: {a: {image: 'x:${TA¦G:-1}'}}\n", "/p/.env": "TAG=1\n# TAG=3\nexport TAG=2\n" },
    ["/p/.env:21 TAG"],
  ],
  [
    "a variable within a default",
    { [PATH]: "services: {a: {image: 'x:${TAG:-${OTH¦ER}}'}}\n", "/p/.env": "TAG=1\nOTHER=2\n" },
    ["/p/.env:6 OTHER"],
  ],
  ["files", { [PATH]: "services: {a: {env_file: [./a¦.env]}}\n", "/p/a.env": "" }, ["/p/a.env"]],
  ["files that are not there", { [PATH]: "services: {a: {env_file: [./a¦.env]}}\n" }, []],
  [
    "a context leads to its Dockerfile",
    { [PATH]: "services: {a: {build: ./¦api}}\n", "/p/api/Dockerfile": "" },
    ["/p/api/Dockerfile"],
  ],
  ["a mounted file", { [PATH]: "services: {a: {volumes: ['./x.c¦onf:/x']}}\n", "/p/x.conf": "" }, ["/p/x.conf"]],
  ["a secret's file", { [PATH]: "secrets: {a: {file: k¦ey}}\n", "/p/key": "" }, ["/p/key"]],
  ["an include", { [PATH]: "include:\n  - path: [¦a.yaml, b.yaml]\n", "/p/a.yaml": "services: {}" }, ["/p/a.yaml"]],
  ["nothing at a key", { [PATH]: "services: {a: {ima¦ge: x}}\n" }, []],
];
for (const [title, texts, expected] of DEFINITIONS)
  test(`definition: ${title}`, () => assert.deepEqual(definitions(texts), expected));

test("references are in all files of the project, with or without declarations", () => {
  const texts = {
    [PATH]: "include: [b.yaml]\nservices:\n  a: {depends_on: [b]}\n",
    "/p/b.yaml": "services: {b: {image: x}, c: {links: [b]}}\n",
  };
  const at = texts[PATH].indexOf("[b]") + 1;
  const shown = (declarations: boolean) =>
    referencesAt(PATH, at, filesFrom(texts), { declarations })?.targets.map(
      ({ path, span }) => `${path}:${span.start}`,
    );
  assert.deepEqual(shown(true), [`${PATH}:${at}`, "/p/b.yaml:11", "/p/b.yaml:38"]);
  assert.deepEqual(shown(false), [`${PATH}:${at}`, "/p/b.yaml:38"]);
});

test("a variable has references in its file", () => {
  const { text, offset } = cursorIn("services: {a: {image: 'x:${TA¦G}', command: [\"$TAG\", $$TAG]}}\n");
  const found = referencesAt(PATH, offset, filesFrom({ [PATH]: text }), { declarations: true });
  assert.deepEqual(
    found?.targets.map(({ span }) => text.slice(span.start - 1, span.end)),
    ["{TAG", "$TAG"],
  );
});

test("highlights tell the declaration from uses", () => {
  const { text, offset } = cursorIn("services:\n  a: {links: ['b¦:z']}\n  b: {image: b}\n");
  assert.deepEqual(
    highlightsAt(parseCompose(text), offset).map(({ span, role }) => [span.start, role]),
    [
      [offset - 1, "use"],
      [text.indexOf("  b:") + 2, "declaration"],
    ],
  );
  assert.deepEqual(highlightsAt(parseCompose(text), 2), []);
});

const OUTLINE = `name: shop
include: [a.yaml, {path: [b.yaml, c.yaml]}]
x-base: &base
  restart: always
services:
  web:
    image: nginx:1 # why
    ports: ["80:80"]
    command: |
      one
      two

  api: {build: {context: ./api}}
  job: *base
  old:
    extends: {file: o.yml, service: old}
networks:
  back:
`;

test("the outline shows services with where they come from, and what they say", () => {
  const text = OUTLINE;
  const shown = (symbols: readonly OutlineSymbol[], depth = 0): readonly string[] =>
    symbols.flatMap(({ name, detail, kind, span, nameSpan, children }) => {
      assert.ok(span.start <= nameSpan.start && nameSpan.end <= span.end, name);
      assert.doesNotMatch(text.slice(span.start, span.end), /\s$/, name);
      return [`${" ".repeat(depth)}${kind} ${name}: ${detail}`, ...shown(children, depth + 1)];
    });
  assert.deepEqual(shown(outlineOf(parseCompose(text))), [
    "text name: shop",
    "include include: ",
    " include a.yaml: ",
    " include b.yaml: ",
    "extension x-base: ",
    " text restart: always",
    "section services: ",
    " service web: nginx:1",
    "  text image: nginx:1",
    "  list ports: ",
    "  text command: one",
    " service api: build ./api",
    "  key build: ",
    " service job: ",
    " service old: extends old of o.yml",
    "  key extends: ",
    "section networks: ",
    " network back: ",
  ]);
});

test("folds: mappings, lists, texts, and runs of comments; none on one line", () => {
  const text = `# one
# two

# three
services:
  web:
    image: x
    command:
      - a
      - b

    # about
    # labels
    labels: [
      a=b,
    ]
  # in front
  api: {image: y}
x: |
  a
  b
`;
  const folds = foldsOf(parseCompose(text)).map(({ span, kind }) => [
    kind,
    text.slice(span.start, span.end).split("\n")[0],
    text.slice(span.start, span.end).split("\n").at(-1)?.trim(),
  ]);
  assert.deepEqual(folds, [
    ["comment", "# one", "# two"],
    ["region", "services:", "api: {image: y}"],
    ["region", "web:", "]"],
    ["region", "command:", "- b"],
    ["comment", "# about", "# labels"],
    ["region", "labels: [", "]"],
    ["region", "x: |", "b"],
  ]);
});

test("a selection grows from the word to the file", () => {
  const { text, offset } = cursorIn('services:\n  web:\n    volumes:\n      - "my-da¦ta:/d"\n    image: x\n');
  const grown = selectionsAt(parseCompose(text), offset).map(({ start, end }) => text.slice(start, end));
  assert.deepEqual(grown, [
    "data",
    "my-data",
    "my-data:/d",
    '"my-data:/d"',
    '- "my-data:/d"',
    'volumes:\n      - "my-data:/d"',
    'volumes:\n      - "my-data:/d"\n    image: x',
    'web:\n    volumes:\n      - "my-data:/d"\n    image: x',
    text.trimEnd(),
    text,
  ]);
});

test("a selection begins in a key, and there is always one", () => {
  const { text, offset } = cursorIn("services:\n  w¦eb: {image: x}\n");
  const grown = selectionsAt(parseCompose(text), offset).map(({ start, end }) => text.slice(start, end));
  assert.deepEqual(grown.slice(0, 2), ["web", "web: {image: x}"]);
  for (const each of ["", "\n", "services:\n  "]) assert.ok(selectionsAt(parseCompose(each), each.length).length > 0);
});

const PAGES: readonly (readonly [string, string | undefined])[] = [
  ["nginx", "https://hub.docker.com/_/nginx"],
  ["nginx:1.27@sha256:" + "a".repeat(64), "https://hub.docker.com/_/nginx"],
  ["docker.io/library/nginx", "https://hub.docker.com/_/nginx"],
  ["grafana/grafana:11", "https://hub.docker.com/r/grafana/grafana"],
  ["ghcr.io/org/app:1", "https://ghcr.io/org/app"],
  ["quay.io/prometheus/prometheus", "https://quay.io/repository/prometheus/prometheus"],
  ["mcr.microsoft.com/dotnet/sdk:9.0", "https://mcr.microsoft.com/artifact/mar/dotnet/sdk/about"],
  ["gcr.io/distroless/static:nonroot", "https://gcr.io/distroless/static"],
  ["eu.gcr.io/project/app", "https://eu.gcr.io/project/app"],
  ["public.ecr.aws/docker/library/node", "https://gallery.ecr.aws/docker/library/node"],
  ["docker.elastic.co/kibana/kibana:9", "https://www.docker.elastic.co/r/kibana/kibana"],
  ["registry.gitlab.com/group/app", "https://gitlab.com/group/app/container_registry"],
  ["registry.gitlab.com/group/app/image", undefined],
  ["registry.example.com/app", undefined],
  ["Not An Image", undefined],
];
for (const [image, page] of PAGES) test(`the page of ${image}`, () => assert.equal(imagePage(image), page));

test("links: images with their defaults, files that are there, repositories", () => {
  const { text, spans } = unmarked(`services:
  a:
    image: «"redis:\${TAG:-7}"»
    build: «./api»
    env_file: [«a.env», missing.env]
    volumes: ["«./x.conf»:/x", "./folder:/y"]
  b:
    image: $HIDDEN
    build:
      context: «https://github.com/org/app.git#main:sub»
    extends: {file: «base.yml», service: b}
include: [«"more.yml"»]
secrets: {k: {file: «key»}}
`);
  const files = filesFrom({
    [PATH]: text,
    "/p/api/Dockerfile": "",
    "/p/a.env": "",
    "/p/x.conf": "",
    "/p/folder/x": "",
    "/p/base.yml": "",
    "/p/more.yml": "",
    "/p/key": "",
  });
  const links = linksOf(PATH, parseCompose(text), files);
  assert.deepEqual(
    links.map(({ span }) => span),
    spans,
  );
  assert.deepEqual(
    links.map(({ url, path }) => url ?? path),
    [
      "https://hub.docker.com/_/redis",
      "/p/api/Dockerfile",
      "/p/a.env",
      "/p/x.conf",
      "https://github.com/org/app",
      "/p/base.yml",
      "/p/more.yml",
      "/p/key",
    ],
  );
});

test("lenses stand above services and above each that is written here", () => {
  const text = "x-a: &a {image: x}\nservices:\n  web: {image: x}\n  job: *a\n";
  const lenses = lensesOf(parseCompose(text));
  assert.deepEqual(
    lenses.map(({ span, title, service }) => [text.slice(span.start, span.end), title, service]),
    [
      ...["Up", "Logs", "Config", "Down"].map((title) => ["services", title, undefined]),
      ...["Up", "Logs", "Restart", "Config"].map((title) => ["web", title, "web"]),
    ],
  );
  assert.deepEqual(lensesOf(parseCompose("services:\n")), []);
});

test("a run names its files, and the service as no option", () => {
  assert.deepEqual(composeArguments(["/p/a b.yaml", "/p/c.yaml"], "up", "-web"), [
    "compose",
    "--file",
    "/p/a b.yaml",
    "--file",
    "/p/c.yaml",
    "up",
    "--detach",
    "--",
    "-web",
  ]);
  assert.deepEqual(composeArguments(["/p/a.yaml"], "down", undefined), ["compose", "--file", "/p/a.yaml", "down"]);
});

const RUNS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["compose.yaml", ["compose.yaml"], ["compose.yaml"]],
  ["compose.yaml", ["compose.yaml", "compose.override.yaml"], ["compose.yaml", "compose.override.yaml"]],
  ["compose.override.yaml", ["compose.yaml", "compose.override.yaml"], ["compose.yaml", "compose.override.yaml"]],
  [
    "docker-compose.yml",
    ["docker-compose.yml", "docker-compose.override.yml"],
    ["docker-compose.yml", "docker-compose.override.yml"],
  ],
  // compose takes the first of its names: this one and its override are not the project it would run.
  ["docker-compose.yml", ["compose.yaml", "docker-compose.yml", "docker-compose.override.yml"], ["docker-compose.yml"]],
  ["other.yaml", ["compose.yaml", "compose.override.yaml", "other.yaml"], ["other.yaml"]],
];
test("COMPOSE_FILE in .env names the files that go together", () => {
  const files = filesFrom({
    "/p/.env": "COMPOSE_FILE=base.yaml;dev.yaml\nCOMPOSE_PATH_SEPARATOR=;\n",
    "/p/base.yaml": "",
    "/p/dev.yaml": "",
    "/p/compose.yaml": "",
  });
  assert.deepEqual(filesToRun("/p/dev.yaml", files), ["/p/base.yaml", "/p/dev.yaml"]);
  assert.deepEqual(filesToRun("/p/compose.yaml", files), ["/p/compose.yaml"]);
});

for (const [name, there, expected] of RUNS)
  test(`${name} beside ${there.join(", ")} runs ${expected.join(" and ")}`, () => {
    const files = filesFrom(Object.fromEntries(there.map((each) => [`/p/${each}`, ""])));
    assert.deepEqual(
      filesToRun(`/p/${name}`, files),
      expected.map((each) => `/p/${each}`),
    );
  });
