/** What is offered at a cursor (`|`), also where the text does not parse, and what becomes of the text when it is taken. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { completionsAt } from "../../server/src/core/features/compose/completion.ts";
import type { Completion } from "../../server/src/core/features/compose/completion-model.ts";
import type { Look } from "../../server/src/core/features/compose/look.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";

const DOCKERFILE = `ARG VERSION=1
FROM node:$VERSION AS deps
FROM deps AS prod
ENV NODE_ENV=production
EXPOSE 3000 9229/udp
`;

const FILES: Readonly<Record<string, string>> = {
  Dockerfile: DOCKERFILE,
  "api/Dockerfile.dev": "FROM golang AS tools\n",
  "common.yml": "services:\n  base:\n    image: base:1\n",
  ".env": "TAG=1.2\nDB_PASSWORD=hidden\n",
};
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  ".": ["api/", ".git/", "Dockerfile", "common.yml", ".env", "notes.txt"],
  api: ["Dockerfile.dev", "src/"],
};

const look: Look = ({ ask, path }) => {
  if (ask === "entries") return FOLDERS[path]?.join("\n") ?? { unknown: `there is no ${path}` };
  const text = FILES[path];
  if (ask === "path-kind") return text === undefined ? (path in FOLDERS ? "folder" : "missing") : "file";
  return text ?? { unknown: `there is no ${path}` };
};

interface Marked {
  readonly text: string;
  readonly at: number;
}

/** Without the mark. */
function marked(text: string, mark = "|"): Marked {
  const at = text.indexOf(mark);
  assert.notEqual(at, -1, "there is a cursor");
  return { text: text.slice(0, at) + text.slice(at + mark.length), at };
}

/** `model` is what was parsed before the text broke. */
const offered = ({ text, at }: Marked, model = text): readonly Completion[] =>
  completionsAt(text, at, look, parseCompose(model, "compose.yaml"));

const labelsAt = (text: string): readonly string[] => offered(marked(text)).map(({ label }) => label);

/** The text once the completion was taken, with the default of each tab stop. */
function taken(source: Marked, label: string): string {
  const completion = offered(source).find((each) => each.label === label);
  assert.ok(completion, `${label} is offered`);
  const { span, text, snippet = text } = completion;
  const plain = snippet
    .replace(/\$\{\d+\|([^|,]*)[^|]*\|\}/g, "$1")
    .replace(/\$\{\d+:([^}]*)\}/g, "$1")
    .replace(/\$\d+/g, "")
    .replaceAll("\\}", "}");
  return source.text.slice(0, span.start) + plain + source.text.slice(span.end);
}

/** Title, text, and what is offered: all of it. */
const EXACT: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "the top level",
    "services:\n|",
    ["name", "include", "networks", "volumes", "secrets", "configs", "models", "version"],
  ],
  [
    "a service's networks",
    "services:\n  a:\n    networks:\n      - |\nnetworks:\n  front:\n  back:\n",
    ["front", "back", "default"],
  ],
  ["services to depend on, not itself", "services:\n  a:\n    depends_on:\n      - |\n  b:\n  c:\n", ["b", "c"]],
  ["not those that are in the list", "services:\n  a:\n    depends_on:\n      - b\n      - |\n  b:\n  c:\n", ["c"]],
  ["in flow form", "services:\n  a:\n    depends_on: [b, |]\n  b:\n  c:\n", ["c"]],
  ["in flow form that is not closed", "services:\n  a:\n    depends_on: [|\n  b:\n  c:\n", ["b", "c"]],
  [
    "in flow form over several lines",
    "services:\n  a:\n    depends_on: [\n      b,\n      |\n    ]\n  b:\n  c:\n",
    ["c"],
  ],
  ["in quotes", 'services:\n  a:\n    depends_on: ["|"]\n  b:\n', ["b"]],
  ["in quotes that are not closed", 'services:\n  a:\n    depends_on:\n      - "|\n  b:\n', ["b"]],
  ["a list that is not begun", "services:\n  a:\n    depends_on:\n      |\n  b:\n", ["- b", "b"]],
  ["between the items of a list", "services:\n  a:\n    depends_on:\n      - b\n      |\n  b:\n  c:\n", ["- c"]],
  ["a list that is not indented", "services:\n  a:\n    depends_on:\n    - b\n    - |\n  b:\n  c:\n", ["c"]],
  [
    "a mapping that was begun",
    "services:\n  a:\n    depends_on:\n      b: {condition: service_started}\n      |\n  b:\n  c:\n",
    ["c"],
  ],
  [
    "a key in a flow mapping",
    "services:\n  a:\n    depends_on: {b: {|}}\n  b:\n",
    ["condition", "required", "restart"],
  ],
  [
    "a value in a flow mapping",
    "services:\n  a:\n    depends_on: {b: {condition: |}}\n  b:\n",
    ["service_started", "service_healthy", "service_completed_successfully"],
  ],
  ["restart policies", "services:\n  a:\n    restart: |\n", ["no", "always", "on-failure", "unless-stopped"]],
  ["right behind the colon", "services:\n  a:\n    restart:|\n", ["no", "always", "on-failure", "unless-stopped"]],
  [
    "before a comment",
    "services:\n  a:\n    restart: |  # for ever\n",
    ["no", "always", "on-failure", "unless-stopped"],
  ],
  ["truth values", "services:\n  a:\n    read_only: |\n", ["true", "false"]],
  ["durations", "services:\n  a:\n    healthcheck:\n      interval: |\n", ["5s", "10s", "30s", "1m", "5m"]],
  ["sizes", "services:\n  a:\n    mem_limit: |\n", ["64m", "128m", "256m", "512m", "1g"]],
  ["stages", "services:\n  a:\n    build:\n      context: .\n      target: |\n", ["deps", "prod"]],
  [
    "stages of another Dockerfile",
    "services:\n  a:\n    build:\n      context: ./api\n      dockerfile: Dockerfile.dev\n      target: |\n",
    ["tools"],
  ],
  [
    "stages of a Dockerfile written here",
    "services:\n  a:\n    build:\n      dockerfile_inline: FROM x AS y\n      target: |\n",
    ["y"],
  ],
  [
    "build arguments",
    "services:\n  a:\n    build:\n      context: .\n      args:\n        |\n",
    ["- VERSION", "VERSION"],
  ],
  [
    "build arguments in a list",
    "services:\n  a:\n    build:\n      context: .\n      args:\n        - |\n",
    ["VERSION"],
  ],
  [
    "names of variables in the container",
    "services:\n  a:\n    build: .\n    environment:\n      - |\n",
    ["NODE_ENV", "VERSION"],
  ],
  [
    "not those that are set",
    "services:\n  a:\n    build: .\n    environment:\n      - NODE_ENV=x\n      - |\n",
    ["VERSION"],
  ],
  [
    "variables of a known image",
    "services:\n  a:\n    image: rabbitmq:4\n    environment:\n      RABBITMQ_DEFAULT_USER: x\n      |\n",
    ["RABBITMQ_DEFAULT_PASS", "RABBITMQ_DEFAULT_VHOST"],
  ],
  ["a list of one name behind the colon", "services:\n  a:\n    depends_on: |\n  b:\n", ["[b]"]],
  ["ports a known image listens on", "services:\n  a:\n    image: postgres:17\n    expose: [|]\n", ["5432"]],
  ["variables of the shell for a secret", "secrets:\n  a:\n    environment: |\n", ["TAG", "DB_PASSWORD"]],
  ["variables of .env", "services:\n  a:\n    image: x:${|\n", ["DB_PASSWORD", "TAG"]],
  ["variables within a longer text", "services:\n  a:\n    command: run --tag ${T|} --x\n", ["DB_PASSWORD", "TAG"]],
  ["variables without braces", "services:\n  a:\n    image: x:$|\n", ["DB_PASSWORD", "TAG"]],
  ["ports the Dockerfile exposes", "services:\n  a:\n    build: .\n    expose:\n      - |\n", ["3000", "9229/udp"]],
  [
    "networks are shared with services",
    "services:\n  a:\n    network_mode: |\n  vpn:\n",
    ["service:vpn", "bridge", "host", "none"],
  ],
  ["secrets", "services:\n  a:\n    secrets: [|]\nsecrets:\n  token: {file: x}\n", ["token"]],
  ["a secret's source", "services:\n  a:\n    secrets:\n      - source: |\nsecrets:\n  token: {file: x}\n", ["token"]],
  ["configs", "services:\n  a:\n    configs:\n      - source: |\nconfigs:\n  conf: {file: x}\n", ["conf"]],
  ["models", "services:\n  a:\n    models: [|]\nmodels:\n  llm: {model: x}\n", ["llm"]],
  ["profiles that are used", "services:\n  a:\n    profiles: [|]\n  b:\n    profiles: [debug]\n", ["debug"]],
  ["a service to extend", "services:\n  a:\n    extends: |\n  b:\n", ["b"]],
  ["a service of another file", "services:\n  a:\n    extends:\n      file: common.yml\n      service: |\n", ["base"]],
  [
    "files of variables first",
    "services:\n  a:\n    env_file: |\n",
    [".env", "api/", "Dockerfile", "common.yml", "notes.txt"],
  ],
  [
    "compose files first",
    "include:\n  - |\n",
    ["common.yml", "api/", ".env", "Dockerfile", "notes.txt", "path", "env_file", "project_directory"],
  ],
  ["folders for a context", "services:\n  a:\n    build:\n      context: |\n", ["api/"]],
  ["a path's next part", "services:\n  a:\n    build:\n      context: ./api/|\n", ["src/"]],
  [
    "a Dockerfile in the context",
    "services:\n  a:\n    build:\n      context: api\n      dockerfile: |\n",
    ["Dockerfile.dev", "src/"],
  ],
  [
    "a path of the host",
    "services:\n  a:\n    volumes:\n      - ./|\n",
    ["api/", ".env", "Dockerfile", "common.yml", "notes.txt"],
  ],
  ["options of a mount", "services:\n  a:\n    volumes:\n      - data:/x:|\n", ["ro", "rw", "z", "Z", "nocopy"]],
  ["nothing for the path in the container", "services:\n  a:\n    volumes:\n      - data:/x|\n", []],
  [
    "volumes that are used and not declared",
    "services:\n  a:\n    volumes: ['data:/x', 'logs:/y']\nvolumes:\n  logs:\n  |\n",
    ["data"],
  ],
  ["anchors to merge", "x-a: &one\n  init: true\nservices:\n  a:\n    <<: |\n", ["*one"]],
  ["nothing in a comment", "services:\n  a:\n    image: x # | \n", []],
  ["nothing in a text of several lines", "services:\n  a:\n    command: >\n      run\n      |\n", []],
  ["nothing below a key with a value", "services:\n  a:\n    image: x\n      |\n", []],
  ["nothing for keys nobody knows", "services:\n  a:\n    imagine:\n      |\n", []],
];

for (const [title, text, expected] of EXACT) test(title, () => assert.deepEqual(labelsAt(text), expected));

/** Title, text, what is among the offers, and what is not. */
const PARTLY: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  [
    "keys of a service, not those it has",
    "services:\n  a:\n    image: x\n    |\n    ports: []\n",
    ["build", "deploy", "healthcheck"],
    ["image", "ports", "services"],
  ],
  ["a key while it is typed", "services:\n  a:\n    heal|\n", ["healthcheck"], []],
  [
    "a key in front of others that breaks the file",
    "services:\n  a:\n    he|\n    image: x\n  b:\n    image: y\n",
    ["healthcheck"],
    ["image"],
  ],
  ["keys of another service do not count", "services:\n  a:\n    |\n  b:\n    image: y\n", ["image"], []],
  ["the first key of an item", "services:\n  a:\n    ports:\n      - |\n", ["target", "published"], []],
  [
    "the next key of an item",
    "services:\n  a:\n    ports:\n      - target: 80\n        |\n      - published: 1\n",
    ["published", "mode"],
    ["target"],
  ],
  ["keys in a flow mapping", "services:\n  a: {image: x, |}\n", ["build"], ["image"]],
  ["keys in JSON", '{"services": {"a": {"image": "x", "|"}}}', ["build"], ["image"]],
  ["keys in what is merged", "x-base: &base\n  |\nservices: {}\n", ["image", "restart"], []],
  ["keys in a fragment by its name", "x-logging: &logging\n  |\nservices: {}\n", ["driver", "options"], ["image"]],
  ["keys below an anchor", "services:\n  a: &a\n    |\n", ["image"], []],
  [
    "keys behind a list that is not indented",
    "services:\n  a:\n    ports:\n    - 80:80\n    |\n",
    ["image"],
    ["ports"],
  ],
  [
    "keys at the end of a text of several lines",
    "services:\n  a:\n    command: >\n      run\n    |\n",
    ["image"],
    ["command"],
  ],
  ["the merge key where there are anchors", "x-a: &one {}\nservices:\n  a:\n    |\n", ["<<"], []],
  [
    "known images and those of the file",
    "services:\n  a:\n    image: |\n  b:\n    image: acme/tool:3\n",
    ["acme/tool:3", "postgres"],
    [],
  ],
  [
    "tags the file uses",
    "services:\n  a:\n    image: acme/tool:|\n  b:\n    image: acme/tool:3\n  c:\n    image: x:1\n",
    ["acme/tool:3"],
    ["x:1", "postgres"],
  ],
  ["volumes and paths", "services:\n  a:\n    volumes:\n      - |\nvolumes:\n  data:\n", ["data", "./", "type"], []],
  [
    "ports the Dockerfile exposes, to publish",
    "services:\n  a:\n    build: .\n    ports:\n      - |\n",
    ["3000:3000", "9229:9229/udp"],
    [],
  ],
  ["capabilities", "services:\n  a:\n    cap_drop: [|]\n", ["ALL", "NET_RAW"], []],
  ["a second document begins anew", "a: 1\n---\n|\n", ["services"], []],
];

for (const [title, text, includes, excludes] of PARTLY)
  test(title, () => {
    const labels = labelsAt(text);
    for (const label of includes) assert.ok(labels.includes(label), `${label} is among ${labels.join(", ")}`);
    for (const label of excludes) assert.ok(!labels.includes(label), `${label} is not among them`);
  });

/** Title, text, label, and the text once it was taken. */
const TAKEN: readonly (readonly [string, string, string, string])[] = [
  ["a scalar's key", "services:\n  a:\n    im|\n", "image", "services:\n  a:\n    image: \n"],
  ["a key that has its colon", "services:\n  a:\n    im|g: x\n", "image", "services:\n  a:\n    image: x\n"],
  [
    "a mapping in the file's indentation",
    "services:\n    a:\n        he|\n",
    "healthcheck",
    'services:\n    a:\n        healthcheck:\n            test: ["CMD", "program"]\n            interval: 30s\n            timeout: 5s\n            retries: 3\n',
  ],
  [
    "a list as the file writes them",
    "services:\n  a:\n    dns:\n    - x\n    po|\n",
    "ports",
    'services:\n  a:\n    dns:\n    - x\n    ports:\n    - "8080:80"\n',
  ],
  [
    "a list of mappings",
    "services:\n  a:\n    develop:\n      |\n",
    "watch",
    "services:\n  a:\n    develop:\n      watch:\n        - path: ./src\n          action: sync\n          target: /app\n",
  ],
  ["a list in flow form", "services:\n  a: {|}\n", "ports", "services:\n  a: {ports: []}\n"],
  ["a mapping in flow form", "services:\n  a: {|}\n", "deploy", "services:\n  a: {deploy: {}}\n"],
  ["a key in JSON", '{"services": {"a": {"im|"}}}', "image", '{"services": {"a": {"image"}}}'],
  [
    "a service with its condition",
    "services:\n  a:\n    depends_on:\n      |\n  b:\n",
    "b",
    "services:\n  a:\n    depends_on:\n      b:\n        condition: service_started\n  b:\n",
  ],
  [
    "an item with its dash",
    "services:\n  a:\n    depends_on:\n      |\n  b:\n",
    "- b",
    "services:\n  a:\n    depends_on:\n      - b\n  b:\n",
  ],
  [
    "what YAML takes for something else",
    "services:\n  a:\n    restart: |\n",
    "no",
    'services:\n  a:\n    restart: "no"\n',
  ],
  ["in the quotes that are there", "services:\n  a:\n    restart: '|'\n", "no", "services:\n  a:\n    restart: 'no'\n"],
  [
    "the blank behind the colon",
    "services:\n  a:\n    restart:|\n",
    "always",
    "services:\n  a:\n    restart: always\n",
  ],
  [
    "a whole value",
    "services:\n  a:\n    restart: al|ways # c\n",
    "on-failure",
    "services:\n  a:\n    restart: on-failure # c\n",
  ],
  [
    "a port in quotes",
    "services:\n  a:\n    build: .\n    ports:\n      - |\n",
    "3000:3000",
    'services:\n  a:\n    build: .\n    ports:\n      - "3000:3000"\n',
  ],
  ["a variable and its brace", "services:\n  a:\n    image: x:${T|\n", "TAG", "services:\n  a:\n    image: x:${TAG}\n"],
  [
    "a variable whose brace is there",
    "services:\n  a:\n    image: x:${T|}-y\n",
    "TAG",
    "services:\n  a:\n    image: x:${TAG}-y\n",
  ],
  [
    "a variable that has a default",
    "services:\n  a:\n    image: x:${T|A:-1}\n",
    "TAG",
    "services:\n  a:\n    image: x:${TAG:-1}\n",
  ],
  [
    "one part of a path",
    "services:\n  a:\n    volumes:\n      - ./ap|:/x\n",
    "api/",
    "services:\n  a:\n    volumes:\n      - ./api/:/x\n",
  ],
  [
    "the source of a mount",
    "services:\n  a:\n    volumes:\n      - da|:/x\nvolumes:\n  data:\n",
    "data",
    "services:\n  a:\n    volumes:\n      - data:/x\nvolumes:\n  data:\n",
  ],
  [
    "a name in the middle of a list",
    "services:\n  a:\n    depends_on: [|, c]\n  b:\n  c:\n",
    "b",
    "services:\n  a:\n    depends_on: [b, c]\n  b:\n  c:\n",
  ],
  [
    "a volume that is declared",
    "services:\n  a:\n    volumes: ['data:/x']\nvolumes:\n  |\n",
    "data",
    "services:\n  a:\n    volumes: ['data:/x']\nvolumes:\n  data:\n",
  ],
];

for (const [title, text, label, expected] of TAKEN) {
  test(`taken: ${title}`, () => assert.equal(taken(marked(text), label), expected));
  test(`taken with CRLF: ${title}`, () =>
    assert.equal(taken(marked(text.replaceAll("\n", "\r\n")), label), expected.replaceAll("\n", "\r\n")));
}

test("two dollar signs are no variable", () => assert.deepEqual(labelsAt("services:\n  a:\n    image: x:$$|\n"), []));

test("values of secrets are not shown", () => {
  const [password, tag] = offered(marked("services:\n  a:\n    image: ${|\n"));
  assert.deepEqual([password?.label, password?.about], ["DB_PASSWORD", undefined]);
  assert.deepEqual([tag?.label, tag?.about], ["TAG", "`1.2`"]);
});

test("every key comes with its documentation and a link", () => {
  const keys = offered(marked("services:\n  a:\n    |\n"));
  assert.ok(keys.length > 80);
  for (const { label, about } of keys) assert.match(about ?? "", /\[Reference\]\(https:/, label);
});

test("names of the last model count while the text is broken", () => {
  const source = marked("include: [common.yml]\nservices:\n  a:\n    depends_on: [|\n");
  const labels = offered(source, "include: [common.yml]\nservices:\n  a:\n    image: x\n").map(({ label }) => label);
  assert.deepEqual(labels, ["base"]);
});

test("at any place of any text, what is replaced holds the cursor and stays on its line", () => {
  const text =
    'x: &a {b: "c"}\nservices:\n  a: &s\n    <<: *a\n    ports:\n    - "80:80"\n    - {target: 1, mode: \'h\'}\n    command: >-\n      x\n\n    environment: [A=${B:-c}, "D"]\n\t- [\n}\n  b\n';
  for (const source of [text, text.replaceAll("\n", "\r\n"), text.slice(0, 90), text.slice(40)])
    for (let at = 0; at <= source.length; at++)
      for (const { span, label } of completionsAt(source, at, look)) {
        assert.ok(span.start <= at && at <= span.end && span.end <= source.length, `${label} at ${at}`);
        assert.doesNotMatch(source.slice(span.start, span.end), /[\r\n]/, `${label} at ${at}`);
      }
});
