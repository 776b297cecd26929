/** Renaming, in one file and across those that belong together. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { renameableAt, renameAt } from "../../server/src/core/features/compose/rename.ts";
import { namesOf } from "../../server/src/core/model/compose/name-index.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import { cursorIn, edited, filesFrom, type FilesOptions } from "./project-files.ts";

type Texts = Readonly<Record<string, string>>;

/** One of the texts has a `¦`; a text alone is /p/compose.yaml. */
function rename(given: Texts | string, to: string, options?: FilesOptions) {
  const marked = typeof given === "string" ? { "/p/compose.yaml": given } : given;
  const [path = ""] = Object.entries(marked).find(([, text]) => text.includes("¦")) ?? [];
  const { text, offset } = cursorIn(marked[path] ?? "");
  const texts: Texts = { ...marked, [path]: text };
  const renaming = renameAt(path, offset, to, filesFrom(texts, options));
  return { texts, renaming, path, offset };
}

/** The files after it, those that stay as they were left out. */
function renamed(given: Texts | string, to: string): Texts {
  const { texts, renaming } = rename(given, to);
  assert.ok(renaming && "edits" in renaming, JSON.stringify(renaming));
  return Object.fromEntries(
    Object.entries(edited(texts, renaming.edits)).filter(([path, text]) => texts[path] !== text),
  );
}

function refusal(given: Texts | string, to: string, options?: FilesOptions): string {
  const { renaming } = rename(given, to, options);
  return renaming && "refusal" in renaming ? renaming.refusal : `no refusal: ${JSON.stringify(renaming)}`;
}

const one = (text: string): Texts => ({ "/p/compose.yaml": text });

test("a service is renamed wherever it is named, and nothing else is", () => {
  const before = `services:
  # db is the database
  d¦b: &db
    image: db
    container_name: db
  "web":
    depends_on: ['db']
    links: ["db:db"]
    environment: {HOST: db}
    network_mode: service:db
  job: {depends_on: {db: {condition: service_started}}, extends: {service: db}, volumes_from: [db:ro]}
volumes: {db: }
`;
  const after = `services:
  # db is the database
  store: &db
    image: db
    container_name: db
  "web":
    depends_on: ['store']
    links: ["store:db"]
    environment: {HOST: db}
    network_mode: service:store
  job: {depends_on: {store: {condition: service_started}}, extends: {service: store}, volumes_from: [store:ro]}
volumes: {db: }
`;
  assert.deepEqual(renamed(before, "store"), one(after));
});

test("it begins at a use as well as at the declaration", () => {
  const after = one("services: {a: {depends_on: [new]}, new: {image: x}}\n");
  assert.deepEqual(renamed("services: {a: {depends_on: [¦b]}, b: {image: x}}\n", "new"), after);
  assert.deepEqual(renamed("services: {a: {depends_on: [b]}, b¦: {image: x}}\n", "new"), after);
});

test("line endings, quotes and flow form stay", () => {
  assert.deepEqual(
    renamed('services:\r\n  a¦:\r\n    image: x\r\n  b:\r\n    depends_on: [ "a" ]\r\n', "c"),
    one('services:\r\n  c:\r\n    image: x\r\n  b:\r\n    depends_on: [ "c" ]\r\n'),
  );
});

test("a name YAML would take for a number gets quotes where it has none", () => {
  assert.deepEqual(
    renamed("services:\n  a¦:\n    image: x\n  b:\n    depends_on: [a]\n    links: [a:z, 'a']\n", "12"),
    one('services:\n  "12":\n    image: x\n  b:\n    depends_on: ["12"]\n    links: [12:z, \'12\']\n'),
  );
});

test("an anchor is renamed with its aliases, in its file alone", () => {
  const files = {
    "/p/compose.yaml": "include: [b.yaml]\nx-a: &ba¦se {image: x}\nservices:\n  a: *base\n  b:\n    <<: *base\n",
    "/p/b.yaml": "x-a: &base {image: y}\n",
  };
  assert.deepEqual(
    renamed(files, "common"),
    one("include: [b.yaml]\nx-a: &common {image: x}\nservices:\n  a: *common\n  b:\n    <<: *common\n"),
  );
});

test("a name behind an anchor is renamed where it is written", () => {
  assert.deepEqual(
    renamed("x-d: &d [db]\nservices:\n  a: {depends_on: *d}\n  ¦db: {image: x}\n", "store"),
    one("x-d: &d [store]\nservices:\n  a: {depends_on: *d}\n  store: {image: x}\n"),
  );
});

test("included files, those that include, and their overrides are one project", () => {
  const files = {
    "/p/compose.yaml": "include:\n  - db/compose.yaml\nservices:\n  web: {image: x, depends_on: [db]}\n",
    "/p/compose.override.yaml": 'services:\n  web:\n    depends_on: [db]\n  db:\n    ports: ["1:1"]\n',
    "/p/db/compose.yaml": "services:\n  d¦b: {image: y}\n",
    "/p/other/compose.yaml": "services:\n  db: {image: z}\n",
  };
  const after = {
    "/p/compose.yaml": "include:\n  - db/compose.yaml\nservices:\n  web: {image: x, depends_on: [store]}\n",
    "/p/compose.override.yaml": 'services:\n  web:\n    depends_on: [store]\n  store:\n    ports: ["1:1"]\n',
    "/p/db/compose.yaml": "services:\n  store: {image: y}\n",
  };
  assert.deepEqual(renamed(files, "store"), after);
});

test("a file put over the default one with -f goes along when it cannot run alone", () => {
  const files = {
    "/p/docker-compose.yml": "services:\n  we¦b: {image: x}\n",
    "/p/docker-compose.prod.yml": "services:\n  web: {restart: always}\n",
    "/p/docker-compose.test.yml": "services:\n  web: {image: test}\n",
  };
  assert.deepEqual(renamed(files, "site"), {
    "/p/docker-compose.yml": "services:\n  site: {image: x}\n",
    "/p/docker-compose.prod.yml": "services:\n  site: {restart: always}\n",
  });
});

test("a service that others extend is renamed in their extends, and theirs keep their names", () => {
  const files = {
    "/p/common.yml": "services:\n  we¦b: {image: x}\n",
    "/p/compose.yaml": "services:\n  web:\n    extends: {file: common.yml, service: web}\n",
    "/p/sub/compose.yaml": "services:\n  a:\n    extends:\n      file: ../common.yml\n      service: 'web'\n",
  };
  assert.deepEqual(renamed(files, "base"), {
    "/p/common.yml": "services:\n  base: {image: x}\n",
    "/p/compose.yaml": "services:\n  web:\n    extends: {file: common.yml, service: base}\n",
    "/p/sub/compose.yaml": "services:\n  a:\n    extends:\n      file: ../common.yml\n      service: 'base'\n",
  });
});

test("from a use in extends the service of the other file is meant", () => {
  const files = {
    "/p/common.yml": "services:\n  web: {image: x}\n",
    "/p/compose.yaml": "services:\n  web:\n    extends: {file: common.yml, service: w¦eb}\n",
  };
  assert.deepEqual(renamed(files, "base"), {
    "/p/common.yml": "services:\n  base: {image: x}\n",
    "/p/compose.yaml": "services:\n  web:\n    extends: {file: common.yml, service: base}\n",
  });
});

test("the extending service is renamed alone", () => {
  const files = {
    "/p/common.yml": "services:\n  web: {image: x}\n",
    "/p/compose.yaml":
      "services:\n  ¦web:\n    extends: {file: common.yml, service: web}\n  b: {image: y, links: [web]}\n",
  };
  assert.deepEqual(renamed(files, "site"), {
    "/p/compose.yaml":
      "services:\n  site:\n    extends: {file: common.yml, service: web}\n  b: {image: y, links: [site]}\n",
  });
});

test("what an extended service uses has one name in both projects", () => {
  const files = {
    "/p/common.yml":
      "services:\n  base: {image: x, networks: [back], depends_on: [db]}\n  db: {image: y}\nnetworks: {back: }\n",
    "/p/compose.yaml":
      "services:\n  web:\n    extends: {file: common.yml, service: base}\n  db: {image: z}\nnetworks: {b¦ack: }\n",
    "/p/third.yml": "services:\n  w: {image: x, networks: [back]}\nnetworks: {back: }\n",
  };
  assert.deepEqual(renamed(files, "inner"), {
    "/p/common.yml":
      "services:\n  base: {image: x, networks: [inner], depends_on: [db]}\n  db: {image: y}\nnetworks: {inner: }\n",
    "/p/compose.yaml":
      "services:\n  web:\n    extends: {file: common.yml, service: base}\n  db: {image: z}\nnetworks: {inner: }\n",
  });
});

test("a profile is renamed where services and COMPOSE_PROFILES name it", () => {
  const files = {
    "/p/compose.yaml": "services:\n  a: {image: x, profiles: [de¦bug, dev]}\n  b: {image: y, profiles: ['debug']}\n",
    "/p/.env": "A=debug\nCOMPOSE_PROFILES=dev,debug\n",
  };
  assert.deepEqual(renamed(files, "trace"), {
    "/p/compose.yaml": "services:\n  a: {image: x, profiles: [trace, dev]}\n  b: {image: y, profiles: ['trace']}\n",
    "/p/.env": "A=debug\nCOMPOSE_PROFILES=dev,trace\n",
  });
});

test("a volume's data stays behind, and the person is told", () => {
  const { renaming } = rename("services: {a: {image: x, volumes: ['d¦ata:/d']}}\nvolumes: {data: }\n", "store");
  assert.ok(renaming && "edits" in renaming);
  assert.match(renaming.consequence ?? "", /a new, empty one for store, and the data stays/);
  const named = rename(
    "services: {a: {image: x, volumes: ['d¦ata:/d']}}\nvolumes: {data: {name: d}}\n",
    "store",
  ).renaming;
  assert.ok(named && "edits" in named && named.consequence === undefined);
});

for (const [text, consequence] of [
  ["services: {a: {image: x, secrets: [k¦ey]}}\nsecrets: {key: {file: k}}\n", /\/run\/secrets\/new instead of/],
  ["services: {a: {image: x, secrets: [{source: k¦ey, target: t}]}}\nsecrets: {key: {file: k}}\n", undefined],
  ["services: {a: {image: x, configs: [k¦ey]}}\nconfigs: {key: {file: k}}\n", / at \/new instead of \/key/],
  ["services: {a: {image: x, networks: [k¦ey]}}\nnetworks: {key: }\n", undefined],
] as const)
  test(`${consequence ? "a" : "no"} consequence of renaming key in ${text.split("\n")[0]}`, () => {
    const { renaming } = rename(text, "new");
    assert.ok(renaming && "edits" in renaming);
    if (consequence) assert.match(renaming.consequence ?? "", consequence);
    else assert.equal(renaming.consequence, undefined);
  });

const SERVICE = "services:\n  a¦: {image: x}\n  b: {image: y, depends_on: [a]}\n";
const VOLUME = "services: {a: {image: x, volumes: ['d¦ata:/d']}}\nvolumes: {data: }\n";
const REFUSED: readonly (readonly [string, string, string, RegExp])[] = [
  ["a blank", SERVICE, "a b", /^a b cannot be the name of a service: compose takes letters, digits/],
  ["nothing", SERVICE, "", /at least one character/],
  ["an extension", SERVICE, "x-a", /begins with x- is an extension/],
  ["a service that is there", SERVICE, "b", /^There is a service b in compose.yaml already: a and b would become one$/],
  ["a path", VOLUME, ".data", /for a path$/],
  ["a drive", VOLUME, "d", /drive of Windows$/],
  ["the default network", "services: {a: {networks: [n¦]}}\nnetworks: {n: }\n", "default", /^default is the network/],
  ["from the default network", "services: {a: {networks: [default¦]}}\n", "n", /^default is the network/],
  [
    "an external volume",
    "services: {a: {volumes: ['d¦ata:/d']}}\nvolumes: {data: {external: true}}\n",
    "b",
    /^data is external: it is the volume's name outside/,
  ],
  ["one letter for a profile", "services: {a: {profiles: [de¦v]}}\n", "d", /two or more letters/],
  ["a profile that is there", "services: {a: {profiles: [de¦v, ops]}}\n", "ops", /already/],
  ["a blank in an anchor", "a: &a¦ 1\nb: *a\n", "a b", /cannot be an anchor/],
  ["an anchor that is there", "a: &a¦ 1\nb: *a\nc: &d 2\n", "d", /There is an anchor d/],
  [
    "what is spelled with escapes",
    'services: {a: {depends_on: ["d\\u0062"]}, d¦b: {image: x}}\n',
    "c",
    /spelled with escapes/,
  ],
  [
    "one text for two kinds",
    "x: &n data\nservices: {a: {volumes: [{type: volume, source: *n, target: /d}], networks: [*n]}}\nvolumes: {da¦ta: }\n",
    "c",
    /names other things as well/,
  ],
];
for (const [title, text, to, reason] of REFUSED)
  test(`refused: ${title}`, () => assert.match(refusal(text, to), reason));

test("a clash in another file of the project is one too", () => {
  const files = {
    "/p/compose.yaml": "include: [b.yaml]\nservices:\n  a¦: {image: x}\n",
    "/p/b.yaml": "services:\n  b: {image: y}\n",
  };
  assert.match(refusal(files, "b"), /There is a service b in b.yaml already/);
});

test("a file that may use the name and cannot be read is a reason", () => {
  const files = { "/p/compose.yaml": "include: [b.yaml]\nservices:\n  a¦: {image: x}\n" };
  const unread = { "/p/b.yaml": "this workspace is not trusted" };
  assert.equal(
    refusal(files, "b", { unread }),
    "b.yaml, which compose.yaml names, may use a too and cannot be read: this workspace is not trusted",
  );
  assert.match(
    refusal({ "/p/compose.yaml": "include: ['oci://x/y']\nservices:\n  a¦: {image: x}\n" }, "b"),
    /not on this machine/,
  );
  // What is not there uses nothing.
  assert.deepEqual(renamed(files, "b"), one("include: [b.yaml]\nservices:\n  b: {image: x}\n"));
});

test("where the name seems to be a host it stays, and the person is told", () => {
  const left = (environment: string): string | undefined => {
    const { renaming } = rename(`services:\n  d¦b: {image: x}\n  a: {image: y, ${environment}}\n`, "store");
    assert.ok(renaming && "edits" in renaming);
    return renaming.left;
  };
  const told = "db was not renamed where it seems to be a host name: a in compose.yaml";
  for (const text of [
    "environment: {URL: 'postgres://u:p@db:5432/x'}",
    "environment: [DB_HOST=db]",
    "environment: {REDIS_HOSTS: 'cache,db'}",
    "command: [wait, 'db:5432']",
    "command: curl http://db/x",
  ])
    assert.equal(left(text), told, text);
  for (const text of [
    "environment: {POSTGRES_DB: db}",
    "environment: {URL: 'http://mydb:80', OTHER: 'http://db.example/'}",
    "command: [my-db:80, db]",
    "links: [db:x]",
  ])
    assert.equal(left(text), undefined, text);
});

test("the service of a file that is not there cannot be renamed", () => {
  const text = "services:\n  a: {extends: {file: no.yml, service: b¦}}\n  b: {image: x}\n";
  assert.equal(refusal(text, "c"), "b is a service of no.yml, which is not there");
});

test("an external volume with a name of its own can be renamed", () => {
  const text = "services: {a: {volumes: ['d¦ata:/d']}}\nvolumes: {data: {external: true, name: d}}\n";
  assert.ok("edits" in (rename(text, "store").renaming ?? {}));
});

test("beside names there is nothing to rename", () => {
  for (const text of [
    "ser¦vices: {a: {image: x}}\n",
    "services: {a: {image: ¦x}}\n",
    "services: {a: {volumes: ['./d¦:/x']}}\n",
  ])
    assert.equal(rename(text, "b").renaming, undefined, text);
});

test("the name and its place are known beforehand", () => {
  const { text, offset } = cursorIn("services:\n  a:\n    links: ['d¦b:x']\n");
  const found = renameableAt("/p/compose.yaml", offset, filesFrom({ "/p/compose.yaml": text }));
  assert.deepEqual(found, { kind: "service", name: "db", span: { start: offset - 1, end: offset + 1 } });
});

const NAMES = ["api", "web", "db", "cache", "job"] as const;

test("there and back again is the same text, and no service is left that nobody declares", () => {
  const someNames = fc.subarray([...NAMES]);
  const service = fc.record({
    needs: someNames,
    asMap: fc.boolean(),
    links: someNames,
    shares: fc.option(fc.constantFrom(...NAMES), { nil: undefined }),
    flow: fc.boolean(),
  });
  const text = fc.array(service, { minLength: NAMES.length, maxLength: NAMES.length }).map(
    (services) =>
      `services:\n${services
        .map(({ needs, asMap, links, shares, flow }, index) => {
          const name = NAMES[index] ?? "";
          const list = asMap
            ? `{${needs.map((each) => `${each}: {condition: service_started}`).join(", ")}}`
            : flow
              ? `[${needs.join(", ")}]`
              : `${needs.length === 0 ? "[]" : ""}${needs.map((each) => `\n      - "${each}"`).join("")}`;
          const shared = shares === undefined ? "" : `    network_mode: service:${shares}\n`;
          return `  ${name}:\n    image: x # ${name}\n    depends_on: ${list}\n    links: [${links.map((each) => `'${each}:z'`).join(", ")}]\n${shared}`;
        })
        .join("")}`,
  );
  fc.assert(
    fc.property(text, fc.constantFrom(...NAMES), (before, name) => {
      const path = "/p/compose.yaml";
      const to = (current: string, at: number, next: string): string => {
        const renaming = renameAt(path, at, next, filesFrom({ [path]: current }));
        assert.ok(renaming && "edits" in renaming);
        return edited({ [path]: current }, renaming.edits)[path] ?? "";
      };
      const declaration = (text: string, service: string): number => text.indexOf(`\n  ${service}:`) + 3;
      const after = to(before, declaration(before, name), "renamed");
      const { places } = namesOf(parseCompose(after));
      const declared = new Set(places.filter(({ role }) => role === "declaration").map((each) => each.name));
      for (const each of places) assert.ok(declared.has(each.name), each.name);
      assert.equal(to(after, declaration(after, "renamed"), name), before);
    }),
    { numRuns: 100 },
  );
});
