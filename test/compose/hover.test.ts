/** What hovering and inlay hints say, with other files known. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hoverAt } from "../../server/src/core/features/compose/hover.ts";
import { inlayHintsIn } from "../../server/src/core/features/compose/inlay-hints.ts";
import type { Look } from "../../server/src/core/features/compose/look.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";

const TEXT = `x-base: &base
  restart: always
services:
  web:
    <<: *base
    extends: {file: common.yml, service: shared}
    image: nginx:\${TAG:-1}
    environment:
      MODE: \${MODE}
      TOKEN: \${API_TOKEN}
      NEEDED: \${NEEDED:?say which}
      PRICE: $$5
    depends_on:
      db:
        condition: service_healthy
    networks: [front]
    ports: ["\${PORT:-8080}:80", 127.0.0.1:53:53/udp, "9000-9002"]
    volumes: [./conf:/etc/conf:ro, /cache]
  db:
    image: postgres:17@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    profiles: [data]
networks:
  front:
    driver: bridge
`;

const FILES: Readonly<Record<string, string>> = {
  "common.yml": "services:\n  shared:\n    image: shared:1\n    environment:\n      LEVEL: debug\n    dns: [1.1.1.1]\n",
  ".env": "TAG=1.29\nAPI_TOKEN=hidden\n",
};
const look: Look = ({ ask, path }) => {
  const text = FILES[path];
  if (ask === "path-kind") return text === undefined ? "missing" : "file";
  return text ?? { unknown: `there is no ${path}` };
};
const compose = parseCompose(TEXT, "compose.yaml");

/** At the first place of `within` where `needle` stands. */
function hovered(needle: string, within = needle): { readonly on: string; readonly text: string } | undefined {
  const at = TEXT.indexOf(within) + within.indexOf(needle);
  const found = hoverAt(compose, at + 1, look);
  return found && { on: TEXT.slice(found.span.start, found.span.end), text: found.text };
}

/** What is hovered, what the hover is about, and what it says among other things. */
const SAYS: readonly (readonly [needle: string, within: string, on: string, says: readonly (string | RegExp)[]])[] = [
  ["networks", "networks: [front]", "networks", ["The networks the service joins", "services/#networks"]],
  ["condition", "condition", "condition", ["What to wait for", "`service_healthy`: its healthcheck says it is well"]],
  ["service_healthy", "service_healthy", "service_healthy", ["`service_healthy`: its healthcheck says it is well"]],
  ["always", "restart: always", "always", ["`always`: always"]],
  ["restart", "restart: always", "restart", ["Whether the container is started again"]],
  ["bridge", "driver: bridge", "bridge", ["`bridge`: a network of this machine"]],
  [
    "web",
    "  web:",
    "web",
    [
      "**web**: service",
      "- Image: `nginx:1.29`",
      "- Ports: `8080:80`",
      "- Depends on: `db` (service_healthy)",
      "- Extends: `shared` in `common.yml`",
      "`dns`",
      "`restart` from `&base`",
    ],
  ],
  ["db", "      db:", "db", ["**db**: service", "- Profiles: `data`"]],
  ["shared", "service: shared", "shared", ["**shared**: service in `common.yml`", "- Image: `shared:1`"]],
  ["front", "[front]", "front", ["**front**: network", "driver: bridge", "Used by `web`"]],
  ["data", "[data]", "data", ["**data**: profile", "Used by `db`"]],
  ["base", "*base", "base", ["**&base**: used once", "restart: always"]],
  ["TAG", "TAG", "${TAG:-1}", ["`TAG` is `1.29` in `.env`"]],
  ["PORT", "PORT", "${PORT:-8080}", ["`PORT` is not in `.env`", "Its default counts: `8080`"]],
  ["MODE", "${MODE}", "${MODE}", ["has no default, so this is an empty text"]],
  ["NEEDED", "${NEEDED", "${NEEDED:?say which}", ["Compose stops without it: say which"]],
  ["API_TOKEN", "API_TOKEN", "${API_TOKEN}", ["`API_TOKEN` is set in `.env`"]],
  [
    "nginx",
    "nginx",
    "nginx:${TAG:-1}",
    [
      "With its variables: `nginx:1.29`",
      "`library/nginx` of `docker.io`; tag `1.29`; no digest",
      "hub.docker.com/_/nginx",
    ],
  ],
  ["postgres", "postgres", TEXT.match(/postgres:\S+/)?.[0] ?? "", ["; tag `17`; digest `sha256:aaaa"]],
  [
    "53:53",
    "127.0.0.1:53:53/udp",
    "127.0.0.1:53:53/udp",
    ["Port `53` of the host, on `127.0.0.1` alone, leads to port `53` of the container (UDP)."],
  ],
  ["9000", '"9000-9002"', '"9000-9002"', ["A free port of the host, on every address, leads to ports `9000-9002`"]],
  ["conf", "./conf", "./conf:/etc/conf:ro", ["`./conf` of the host at `/etc/conf` in the container, read only."]],
  ["cache", "/cache", "/cache", ["A volume without a name at `/cache`"]],
  ["environment", "environment:", "environment", ["In effect:", /LEVEL: debug\nMODE: /]],
  ["image", "image: nginx", "image", ["In effect:", "nginx:1.29"]],
];

for (const [needle, within, on, says] of SAYS)
  test(`on ${within.trim()}`, () => {
    const found = hovered(needle, within);
    assert.ok(found);
    assert.equal(found.on, on);
    for (const each of says)
      if (typeof each === "string") assert.ok(found.text.includes(each), `${each} is in\n${found.text}`);
      else assert.match(found.text, each);
  });

test("secrets of .env are not shown", () => {
  for (const needle of ["API_TOKEN", "TOKEN:", "environment:", "  web:"])
    assert.doesNotMatch(hovered(needle)?.text ?? "", /hidden/);
});

test("there is nothing to say of names people choose for themselves, and of blanks", () => {
  assert.equal(hovered("LEVEL"), undefined);
  assert.equal(hoverAt(compose, TEXT.indexOf("  web"), look), undefined);
});

test("hints say what variables come to and what is inherited, and keep secrets", () => {
  const notes = inlayHintsIn(compose, { start: 0, end: TEXT.length }, look).map(({ at, label }) => [
    TEXT.slice(TEXT.lastIndexOf("\n", at - 1) + 1, at).trim(),
    label,
  ]);
  assert.deepEqual(notes, [
    ["web", "+3 inherited"],
    ["image: nginx:${TAG:-1}", "= nginx:1.29"],
    ['ports: ["${PORT:-8080}:80"', "= 8080:80"],
  ]);
});

test("hints stay in the range that is asked for", () => {
  const start = TEXT.indexOf("ports:");
  const labels = inlayHintsIn(compose, { start, end: TEXT.length }, look).map(({ label }) => label);
  assert.deepEqual(labels, ["= 8080:80"]);
});

test("while other files are not known, defaults alone count", () => {
  const labels = inlayHintsIn(compose, { start: 0, end: TEXT.length }, () => undefined).map(({ label }) => label);
  assert.ok(!labels.includes("= nginx:1.29"));
});
