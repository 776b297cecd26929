/**
 * Every instruction, flag, mount type and mount key of BuildKit's reference, written down from it by hand with the release that brought
 * each, so that what the table of instructions lacks is seen. Where the reference names the labs release (ADD --keep-git-dir: 1.1), the
 * notes of the release that made it stable count.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DIRECTIVE_DOCS,
  INSTRUCTION_DOCS,
  MOUNT_DOCS,
  referenceOf,
  VARIABLE_DOCS,
} from "../../server/src/core/model/dockerfile/instruction-docs.ts";
import { INSTRUCTIONS, MOUNT_KEYS, MOUNT_TYPES } from "../../server/src/core/model/dockerfile/instructions.ts";
import { PLATFORM_ARGS, PREDEFINED_ARGS } from "../../server/src/core/model/dockerfile/scope.ts";
import { labelsAt } from "./cursor-texts.ts";

/** `always`, the release that brought it, or the only channel that has it. */
const FLAGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ADD: {
    "--keep-git-dir": "1.6",
    "--checksum": "1.6",
    "--chmod": "1.2",
    "--chown": "always",
    "--link": "1.4",
    "--unpack": "1.17",
    "--exclude": "1.19",
  },
  ARG: {},
  CMD: {},
  COPY: {
    "--from": "always",
    "--chmod": "1.2",
    "--chown": "always",
    "--link": "1.4",
    "--parents": "1.20",
    "--exclude": "1.19",
  },
  ENTRYPOINT: {},
  ENV: {},
  EXPOSE: {},
  FROM: { "--platform": "always" },
  HEALTHCHECK: {
    "--interval": "always",
    "--timeout": "always",
    "--start-period": "always",
    "--start-interval": "1.6",
    "--retries": "always",
  },
  LABEL: {},
  MAINTAINER: {},
  ONBUILD: {},
  RUN: { "--device": "1.14-labs", "--mount": "1.2", "--network": "1.3", "--security": "1.20" },
  SHELL: {},
  STOPSIGNAL: {},
  USER: {},
  VOLUME: {},
  WORKDIR: {},
};

/** Keys with their other spellings; those with a release of their own say so. */
const MOUNTS: Readonly<Record<string, readonly string[]>> = {
  bind: ["target dst destination", "source src", "from", "readwrite rw", "readonly ro"],
  cache: [
    "id",
    "target dst destination",
    "readonly ro",
    "readwrite rw",
    "sharing",
    "from",
    "source src",
    "mode",
    "uid",
    "gid",
  ],
  tmpfs: ["target dst destination", "size", "readonly ro", "readwrite rw"],
  secret: [
    "id source src",
    "target dst destination",
    "env 1.10",
    "required",
    "mode",
    "uid",
    "gid",
    "readonly ro",
    "readwrite rw",
  ],
  ssh: ["id", "target dst destination", "required", "mode", "uid", "gid", "readonly ro", "readwrite rw"],
};

const sorted = (texts: Iterable<string>): readonly string[] => [...texts].toSorted();

test("every instruction and flag of the reference is known, with its release, and no other", () => {
  const known = Object.fromEntries(
    [...INSTRUCTIONS.values()].map(({ name, flags }) => [
      name,
      Object.fromEntries(
        flags.map(({ name: flag, since, labs }) => [flag, since ?? (labs === undefined ? "always" : `${labs}-labs`)]),
      ),
    ]),
  );
  assert.deepEqual(known, FLAGS);
});

test("every type and key of a mount is known, in every spelling", () => {
  assert.deepEqual(sorted(MOUNT_TYPES.map(({ name }) => name)), sorted(Object.keys(MOUNTS)));
  for (const { name, options } of MOUNT_TYPES) {
    const known = options.map(({ name: key, aliases, since }) =>
      [key, ...aliases, ...(since === undefined ? [] : [since])].join(" "),
    );
    assert.deepEqual(sorted(known), sorted(MOUNTS[name] ?? []), name);
  }
  const spellings = Object.values(MOUNTS).flatMap((keys) =>
    keys.flatMap((key) => key.split(" ").filter((word) => !/\d/.test(word))),
  );
  assert.deepEqual(sorted(MOUNT_KEYS), sorted(new Set(["type", ...spellings])));
});

test("only MAINTAINER is deprecated", () => {
  const deprecated = [...INSTRUCTIONS.values()].filter((spec) => spec.deprecated);
  assert.deepEqual(
    deprecated.map(({ name }) => name),
    ["MAINTAINER"],
  );
});

test("all of it is documented, one sentence or a few, with a link to where the reference says more", () => {
  for (const { name, flags } of INSTRUCTIONS.values()) {
    const doc = INSTRUCTION_DOCS[name];
    assert.ok(doc, name);
    assert.deepEqual(sorted(Object.keys(doc.flags)), sorted(flags.map((flag) => flag.name)), name);
  }
  for (const { name, options } of MOUNT_TYPES)
    assert.deepEqual(
      sorted(Object.keys(MOUNT_DOCS[name]?.options ?? {})),
      sorted(options.map((option) => option.name)),
      name,
    );
  const all = [
    ...Object.values(INSTRUCTION_DOCS).flatMap((doc) => [doc, ...Object.values(doc.flags)]),
    ...Object.values(MOUNT_DOCS).flatMap((doc) => [doc, ...Object.values(doc.options)]),
    ...Object.values(DIRECTIVE_DOCS),
    ...Object.values(VARIABLE_DOCS),
  ];
  for (const doc of all) {
    assert.match(doc.about, /^[A-Z`].{8,}\.$/);
    assert.match(referenceOf(doc), /^https:\/\/docs\.docker\.com\/reference\/dockerfile\/#[a-z-]+$/);
  }
});

/** Anchors of the reference's page that are linked to. */
const ANCHORS =
  "syntax escape check from run run---device run---mount run---mounttypebind run---mounttypecache run---mounttypetmpfs run---mounttypesecret run---mounttypessh run---network run---security cmd label maintainer-deprecated expose env add add---keep-git-dir add---checksum add---chmod add---chown add---link add---unpack add---exclude copy copy---from copy---chmod copy---chown copy---link copy---parents copy---exclude entrypoint volume user workdir arg predefined-args automatic-platform-args-in-the-global-scope buildkit-built-in-build-args onbuild stopsignal healthcheck shell".split(
    " ",
  );

test("every anchor that is linked to is one of the reference's", () => {
  const linked = [
    ...Object.values(INSTRUCTION_DOCS).flatMap((doc) => [doc, ...Object.values(doc.flags)]),
    ...Object.values(MOUNT_DOCS).flatMap((doc) => [doc, ...Object.values(doc.options)]),
    ...Object.values(DIRECTIVE_DOCS),
    ...Object.values(VARIABLE_DOCS),
  ].map(({ anchor }) => anchor);
  assert.deepEqual(sorted(new Set(linked)), sorted(ANCHORS));
});

test("directives, predefined and platform variables are documented", () => {
  assert.deepEqual(sorted(Object.keys(DIRECTIVE_DOCS)), ["check", "escape", "syntax"]);
  assert.equal(DIRECTIVE_DOCS["check"]?.since, "1.8");
  for (const name of [...PLATFORM_ARGS, ...[...PREDEFINED_ARGS].map((each) => each.toUpperCase())])
    assert.ok(VARIABLE_DOCS[name], name);
});

test("every flag is offered behind its instruction, every key in its mount", () => {
  for (const [name, flags] of Object.entries(FLAGS)) {
    const line = name === "FROM" ? "FROM --$0" : `FROM a\n${name} --$0`;
    assert.deepEqual(sorted(labelsAt(line)), sorted(Object.keys(flags)), name);
  }
  for (const [type, keys] of Object.entries(MOUNTS)) {
    const names = keys.map((key) => key.split(" ")[0] ?? "");
    assert.deepEqual(sorted(labelsAt(`FROM a\nRUN --mount=type=${type},$0`)), sorted(names), type);
  }
});
