/** BuildKit takes every flag, every key of a mount and every value that completion offers in Dockerfiles. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { completionsAt } from "../../server/src/core/features/dockerfile/completion.ts";
import { isBefore } from "../../server/src/core/model/dockerfile/frontend.ts";
import { INSTRUCTIONS, MOUNT_TYPES } from "../../server/src/core/model/dockerfile/instructions.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { type BuildKitCheck, buildKitChecks } from "./buildkit-check.ts";
import type { Machine } from "./machine.ts";

/** Only another frontend has it: BuildKit's own is the stable one. */
const LABS: ReadonlySet<string> = new Set(["--device"]);

/** What a flag is given where nothing is offered, or where what is offered goes on. */
const SAMPLES: Readonly<Record<string, string>> = {
  "--chown": "1000:1000",
  "--from": "0",
  "--exclude": "*.md",
  "--checksum": "sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d",
  "--mount": "type=tmpfs,target=/t",
};

const VALUE_OF: Readonly<Record<string, string>> = {
  permissions: "644",
  duration: "30s",
  count: "3",
  platform: "linux/amd64",
};

/** What stands behind the flags. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  FROM: "scratch",
  RUN: "true",
  COPY: "a /b",
  ADD: "a /b",
  HEALTHCHECK: "CMD true",
};

const KEYS: Readonly<Record<string, string>> = {
  target: "/t",
  source: "s",
  from: "0",
  id: "x",
  sharing: "locked",
  size: "64m",
  env: "X",
  mode: "0400",
  uid: "1000",
  gid: "1000",
};

/** Texts with `$0` where everything that is offered is put in. */
const OFFERED: readonly string[] = [
  "FROM --platform=$0 scratch\n",
  "FROM scratch\nRUN --network=$0 true\n",
  "FROM scratch\nCOPY --chmod=$0 a /b\n",
  "FROM scratch\nCOPY --link=$0 a /b\n",
  "FROM scratch\nADD --unpack=$0 https://example.org/a.tgz /b\n",
  "FROM scratch\nHEALTHCHECK --interval=$0 CMD true\n",
  "FROM scratch\nHEALTHCHECK --start-interval=$0 CMD true\n",
  "FROM scratch\nHEALTHCHECK --retries=$0 CMD true\n",
  "FROM debian\nRUN --mount=$0 apt-get install -y curl\n",
  "FROM node\nUSER node\nRUN --mount=$0 npm ci\n",
  "FROM scratch\nRUN --mount=type=cache,target=/c,sharing=$0 true\n",
  "FROM scratch\nRUN --mount=type=cache,target=/c,mode=$0 true\n",
  "FROM scratch\nRUN --mount=type=tmpfs,target=/c,size=$0 true\n",
  "FROM scratch\nRUN --mount=type=secret,id=a,required=$0 true\n",
  "FROM scratch\nSTOPSIGNAL $0\n",
  "FROM debian\nSHELL $0\n",
  "FROM alpine\nSHELL $0\n",
  "FROM scratch\nENV $0\n",
  "FROM python\nENV $0\n",
  "FROM scratch\nARG $0\n",
  "FROM scratch\nLABEL $0\n",
  "FROM scratch\nENV PORT=80\nEXPOSE $0\n",
  "FROM scratch\nEXPOSE 80/$0\n",
  "FROM scratch\nVOLUME $0\n",
  "FROM scratch\nUSER $0\n",
  "# check=$0\nFROM scratch\n",
  "# escape=$0\nFROM scratch\n",
];

/** Not yet something: a whole mount begins with its type, `skip=` waits for names. */
const goesOn = (text: string): boolean =>
  /[=,]$/.test(text) || text.startsWith("type=") || /^(?:target|source|from|readwrite|readonly)$/.test(text);

function takenAll(source: string): readonly string[] {
  const at = source.indexOf("$0");
  const text = source.slice(0, at) + source.slice(at + 2);
  const around = { look: () => ({ unknown: "no files" }), context: undefined, rules: [] };
  const items = completionsAt(parseDockerfile(text, "Dockerfile"), at, around);
  return items
    .filter(({ label, text: newText }) => !label.startsWith("--") && (!goesOn(newText) || newText.includes("target=/")))
    .map(({ span, text: newText }) => text.slice(0, span.start) + newText + text.slice(span.end));
}

interface FlagText {
  readonly flag: string;
  readonly since: string;
  readonly text: string;
}

const flagTexts: readonly FlagText[] = [...INSTRUCTIONS.values()].flatMap(({ name, flags }) =>
  flags
    .filter((flag) => !LABS.has(flag.name))
    .map((flag) => {
      const given = flag.choices?.[0] ?? SAMPLES[flag.name] ?? VALUE_OF[flag.value];
      const value = flag.value === "boolean" ? "" : `=${given}`;
      const rest = flag.name === "--checksum" ? "https://example.org/a.tgz /b" : ARGUMENTS[name];
      const line = `${name} ${flag.name}${value} ${rest}`;
      const text = name === "FROM" ? `${line}\n` : `FROM scratch\nFROM scratch\n${line}\n`;
      return { flag: `${name} ${flag.name}`, since: flag.since ?? "1.0", text };
    }),
);

const mountTexts = MOUNT_TYPES.flatMap(({ name, options }) =>
  options.flatMap((option) =>
    [option.name, ...option.aliases].map((key) => {
      const value = option.bare ? key : `${key}=${KEYS[option.name]}`;
      const needs =
        option.name === "target" || name === "ssh"
          ? ""
          : name === "secret"
            ? option.name === "id"
              ? ""
              : ",id=x"
            : ",target=/t";
      const given = name === "secret" && option.name === "target" ? ",id=x" : needs;
      return `FROM scratch\nFROM scratch\nRUN --mount=type=${name}${given},${value}${option.name === "source" && name === "cache" ? ",from=0" : ""} true\n`;
    }),
  ),
);

export function writingTests(machine: Machine): void {
  describe("BuildKit takes what completion offers", () => {
    const offered = OFFERED.map((source) => ({ source, texts: takenAll(source) }));
    let checks: ReadonlyMap<string, BuildKitCheck>;
    const errorsOf = (texts: readonly string[]): readonly string[] =>
      texts.flatMap((text) => {
        const check = checks.get(text);
        assert.ok(check, text);
        return check.error === undefined ? [] : [`${text}: ${check.error}`];
      });
    before(async () => {
      checks = await buildKitChecks(machine, [
        ...flagTexts.map(({ text }) => text),
        ...mountTexts,
        ...offered.flatMap(({ texts }) => texts),
      ]);
    });

    test("flags, as far as the engine's own frontend has come", () => {
      const unknown = flagTexts.filter(({ text }) => /unknown flag/.test(checks.get(text)?.error ?? ""));
      const known = flagTexts.filter((each) => !unknown.includes(each));
      assert.deepEqual(errorsOf(known.map(({ text }) => text)), []);
      // What it does not know came later than everything it knows.
      const newest = known.map(({ since }) => since).reduce((a, b) => (isBefore(a, b) ? b : a));
      assert.deepEqual(
        unknown.filter(({ since }) => !isBefore(newest, since)),
        [],
      );
      assert.ok(!isBefore(newest, "1.17"), newest);
    });
    test("keys of mounts, in every spelling", () => assert.deepEqual(errorsOf(mountTexts), []));
    for (const { source, texts } of offered)
      test(JSON.stringify(source), () => {
        assert.ok(texts.length > 0, "something is offered");
        assert.deepEqual(errorsOf(texts), []);
      });
  });
}
