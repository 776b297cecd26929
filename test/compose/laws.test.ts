/** What holds for any compose file, found by generating texts: nothing throws, spans are inside, fixes settle and keep comments. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fixAll } from "../../server/src/core/findings/fix-all.ts";
import { inspect, type Kind } from "../../server/src/core/findings/inspect.ts";
import { REMEDY_THREW } from "../../server/src/core/lint.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { applyEdits, type Span } from "../../server/src/core/text/edit.ts";
import { parseYaml, type YamlNode } from "../../server/src/core/text/yaml.ts";
import { variantFaults } from "../../scripts/corpus/variants.ts";
import { everything } from "../rule-cases.ts";

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 400);
// The same texts at every run, so that a red one is about the change. FUZZ_SEED and FUZZ_RUNS go looking for more.
fc.configureGlobal({ seed: Number(process.env["FUZZ_SEED"] ?? 1) });

const KIND: Kind = { language: "compose", name: "compose.yaml" };

/** Pieces that mean something to YAML, glued together at random. */
const PIECES = [
  ..."\n|\n  |\n    |\n      - |: |- |# note|&a |*a|<<: *a|{|}|[|]|, |'|\"|!reset |!override |---\n|\t|\r\n|\uFEFF|? |>-\n|%".split(
    "|",
  ),
  "|\n    text\n",
  ...'services:|web:|image: nginx|build: .|ports:|"80:80"|8080:80|volumes:|./a:/b|environment:|A=b|${A:-b}|$$'.split(
    "|",
  ),
  ..."${|depends_on:|networks:|x-a:|extends:|privileged: true|healthcheck:|deploy:|version: '3'|include:|secrets:".split(
    "|",
  ),
];
const noise = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join(""));

/** What services say, a line each: right, wrong and odd. */
const LINES = `image: nginx
image: postgres:16-alpine # the database
image: "redis"
build: ./app
build: {context: ., target: prod}
privileged: true
privileged: "true" # why
read_only: true
cap_drop: [ALL]
cap_add:
  - SYS_ADMIN
ports: ["80:80", 443]
ports:
  - 8080:80 # web
  # the second
  - "127.0.0.1:9000:9000/udp"
  - target: 80
    published: 8081
volumes:
  - data:/data
  - './a:/b:ro'
  - /var/run/docker.sock:/var/run/docker.sock
environment:
  PASSWORD: hunter2hunter2
  EMPTY:
environment:
  - A=b
  - TOKEN
depends_on: [other]
depends_on:
  other:
    condition: service_healthy
healthcheck:
  disable: true
healthcheck: {test: [CMD, "true"], interval: 5}
restart: on-failure:3
restart: "no"
deploy:
  resources:
    limits: {memory: 10M}
mem_limit: 1g
pid: host
network_mode: host
<<: *shared
<<: [*shared]
networks: {front: , back: {aliases: [x]}}
command: >-
  run
  it
container_name: a b
unknown: 1
labels:
  - "a=b"
user: root
security_opt: [seccomp:unconfined]`
  .split(/\n(?! |- )/)
  .map((block) => block.split("\n"));

const service = fc
  .record({
    name: fc.constantFrom("web", "other", "db", "x-y", '"q"'),
    blocks: fc.array(fc.constantFrom(...LINES), { maxLength: 8 }),
    comment: fc.constantFrom("", " # about it", " &one"),
    gap: fc.boolean(),
  })
  .map(({ name, blocks, comment, gap }) =>
    [`  ${name}:${comment}`, ...blocks.flat().map((line) => `    ${line}`), ...(gap ? ["", "  # between"] : [])].join(
      "\n",
    ),
  );
const files = fc
  .record({
    head: fc.constantFrom(
      "",
      "# top\n",
      "version: '3'\n",
      "name: x\n\n",
      "x-shared: &shared\n  restart: always\n  privileged: true\n",
    ),
    services: fc.array(service, { minLength: 1, maxLength: 4 }),
    tail: fc.constantFrom("", "\n", "\nvolumes:\n  data:\nnetworks:\n  front:\n", "\n# end"),
    crlf: fc.boolean(),
  })
  .map(({ head, services, tail, crlf }) => {
    const text = `${head}services:\n${services.join("\n")}${tail}`;
    return crlf ? text.replaceAll("\n", "\r\n") : text;
  });
const texts = fc.oneof({ weight: 1, arbitrary: noise }, { weight: 2, arbitrary: files });

const inside = (text: string, span: Span): void =>
  assert.ok(0 <= span.start && span.start <= span.end && span.end <= text.length, JSON.stringify(span));

function checkNode(text: string, node: YamlNode): void {
  inside(text, node.span);
  if (node.kind === "list") for (const item of node.items) checkNode(text, item);
  if (node.kind === "map")
    for (const { keySpan, value } of [...node.entries, ...node.written]) {
      inside(text, keySpan);
      checkNode(text, value);
    }
}

test("reading never throws, and everything stands inside the text", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { root, problems, comments, services } = parseCompose(text);
      if (root) checkNode(text, root);
      for (const { span } of [...problems, ...comments]) inside(text, span);
      for (const { nameSpan } of services) inside(text, nameSpan);
    }),
    { numRuns: RUNS * 4 },
  );
});

test("no rule throws, findings and fixes are inside the text", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { findings, crashes } = inspect(text, rules, everything, new Map(), KIND);
      assert.deepEqual(crashes, []);
      for (const { span, fixes, refusal } of findings) {
        inside(text, span);
        assert.ok(!refusal?.startsWith(REMEDY_THREW), refusal);
        for (const { edits, snippet } of fixes) {
          for (const edit of [...edits, ...(snippet ?? [])]) inside(text, edit.span);
          applyEdits(text, edits);
        }
      }
    }),
    { numRuns: RUNS },
  );
});

const commentsOf = (text: string): readonly string[] =>
  parseYaml(text, { tolerant: true })
    .comments.map(({ text: comment }) => comment)
    .sort();

test("fixing settles, a second run changes nothing, and comments stay", () => {
  fc.assert(
    fc.property(files, fc.boolean(), (text, unsafe) => {
      const allow = unsafe ? (["safe", "unsafe"] as const) : (["safe"] as const);
      const options = { rules, settings: everything, answers: new Map(), allow, kind: KIND };
      const after = fixAll(text, options);
      const last = after.applied.slice(-4).map(({ rule }) => rule);
      assert.ok(after.settled, `rules disagree: ${last.join(", ")}`);
      assert.equal(fixAll(after.text, options).text, after.text, last.join(", "));
      assert.deepEqual(commentsOf(after.text), commentsOf(text), last.join(", "));
      assert.ok(parseCompose(after.text).problems.length <= parseCompose(text).problems.length, last.join(", "));
    }),
    { numRuns: RUNS },
  );
});

test("CRLF and a byte order mark change no finding", () => {
  fc.assert(
    fc.property(files, (text) => assert.deepEqual(variantFaults(text, rules, everything, new Map(), "compose"), [])),
    { numRuns: RUNS },
  );
});
