/** Every name of a compose file, and where it stands. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nameAt, namesOf } from "../../server/src/core/model/compose/name-index.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import { cursorIn, unmarked } from "./project-files.ts";

/** `kind name` for a use, `kind name!` for a declaration; every place is marked in the text. */
function check(title: string, marked: string, names: readonly string[]): void {
  test(title, () => {
    const { text, spans } = unmarked(marked);
    const { places } = namesOf(parseCompose(text));
    assert.deepEqual(
      places.map(({ kind, name, role }) => `${kind} ${name}${role === "declaration" ? "!" : ""}`),
      names,
    );
    assert.deepEqual(
      places.map(({ span }) => span),
      spans,
    );
  });
}

check(
  "services are used by everything that names another one",
  `services:
  «api»:
    depends_on: [«db», «queue»]
    links: ["«cache»:redis", «db»]
    volumes_from: ["«db»:ro", container:other]
    network_mode: "service:«queue»"
    ipc: service:«db»
    pid: host
    extends:
      service: «base»
    build:
      context: .
      additional_contexts:
        shared: service:«base»
        docs: ../docs
  «worker»:
    depends_on:
      «db»:
        condition: service_healthy
    extends: «api»
    build:
      additional_contexts: ["shared=service:«base»", docs=../docs]
  x-note: {depends_on: [db]}
`,
  [
    "service api!",
    "service db",
    "service queue",
    "service cache",
    "service db",
    "service db",
    "service queue",
    "service db",
    "service base",
    "service base",
    "service worker!",
    "service db",
    "service api",
    "service base",
  ],
);

check(
  "mounts name volumes, and paths are none",
  `services:
  «web»:
    volumes:
      - «data»:/var/lib
      - "«logs»:/log:ro"
      - ./conf:/etc/conf
      - ~/home:/home
      - /abs:/abs
      - c:/windows:/w
      - /anonymous
      - {type: volume, source: «data», target: /other}
      - {type: bind, source: data, target: /bind}
      - \${WHICH:-data}:/x
volumes:
  «data»:
  "«logs»": {}
`,
  ["service web!", "volume data", "volume logs", "volume data", "volume data!", "volume logs!"],
);

check(
  "networks, secrets, configs, models and profiles, in short and long form",
  `services:
  «web»:
    networks: [«front», '«back»']
    secrets: [«token», {source: «key», target: k}]
    configs:
      - «site»
      - source: «nginx»
        target: /etc/nginx.conf
    build: {secrets: [«token»]}
    models: [«llm»]
    profiles: [«debug», "«dev»"]
    credential_spec: {config: «site»}
  «job»:
    networks: {«front»: {aliases: [w]}}
    models: {«llm»: {endpoint_var: URL}}
networks: {«front»: , «back»: }
secrets: {«token»: {environment: T}, «key»: {file: k}}
configs:
  «site»: {content: a}
  «nginx»: {external: true}
models:
  «llm»: {model: ai/x}
`,
  [
    "service web!",
    "network front",
    "network back",
    "secret token",
    "secret key",
    "config site",
    "config nginx",
    "secret token",
    "model llm",
    "profile debug",
    "profile dev",
    "config site",
    "service job!",
    "network front",
    "model llm",
    "network front!",
    "network back!",
    "secret token!",
    "secret key!",
    "config site!",
    "config nginx!",
    "model llm!",
  ],
);

check(
  "what anchors and merge keys bring stands where it is written, once",
  `x-base: &«base» # shared
  depends_on: &«needs»
    - «db»
  networks:
    - «back»
x-name: &«db» «db»
services:
  «one»:
    <<: *«base»
    networks: [«front»]
  «two»:
    <<: [*«base»]
    depends_on: *«needs»
    links: [*«db»]
  «db»: &«d» !!map
    image: postgres
`,
  [
    "anchor base!",
    "anchor needs!",
    "service db",
    "network back",
    "anchor db!",
    "service db",
    "service one!",
    "anchor base",
    "network front",
    "service two!",
    "anchor base",
    "anchor needs",
    "anchor db",
    "service db!",
    "anchor d!",
  ],
);

test("an anchor that is shared says for which services it speaks", () => {
  const text = "x-b: &b {depends_on: [db]}\nservices:\n  one: {<<: *b}\n  two: *b\n  db: {image: a}\n";
  const use = namesOf(parseCompose(text)).places.find(({ kind, role }) => kind === "service" && role === "use");
  assert.deepEqual(use?.services, ["one", "two"]);
});

test("escapes are heeded, and a name spelled with them is no exact one", () => {
  const text = `services:\n  web:\n    depends_on: ["d\\u0062", 'a', "x\\ty:b"]\n    links: ["db:\\x41"]\n`;
  const { places } = namesOf(parseCompose(text));
  const shown = places.map(({ name, exact, span }) => [name, exact, text.slice(span.start, span.end)]);
  assert.deepEqual(shown, [
    ["web", true, "web"],
    ["db", false, "d\\u0062"],
    ["a", true, "a"],
    ["x\ty:b", false, "x\\ty:b"],
    ["db", true, "db"],
  ]);
});

test("of two names at an offset the narrower one counts, and one just behind a name", () => {
  const { text, offset } = cursorIn("services:\n  a:\n    volumes_from: [db¦:ro]\n");
  assert.equal(nameAt(parseCompose(text), offset)?.name, "db");
  assert.equal(nameAt(parseCompose(text), offset + 2), undefined);
});

test("an anchor whose name is used again is told from the one before", () => {
  const text = "x-a: &a {b: 1}\nx-b: *a\nx-c: &a {b: 2}\nx-d: *a\n";
  const anchors = namesOf(parseCompose(text)).places;
  assert.equal(anchors.length, 4);
  assert.equal(anchors[0]?.anchor, anchors[1]?.anchor);
  assert.equal(anchors[2]?.anchor, anchors[3]?.anchor);
  assert.notEqual(anchors[0]?.anchor, anchors[2]?.anchor);
});

test("half-written files have names too", () => {
  for (const text of [
    "services:",
    "services:\n  web",
    "services: [",
    "a: &",
    "services:\n  web:\n    depends_on:\n      - ",
    "\0",
    "services:\n  web: &a\n",
  ])
    assert.ok(
      namesOf(parseCompose(text)).places.every(({ span }) => span.end <= text.length),
      text,
    );
});
