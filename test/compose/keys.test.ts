/** Every key of the schema is documented, nothing else is, and known values have their words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { docOf, KEY_DOCS, referenceOf } from "../../server/src/core/model/compose/keys.ts";
import { fileShape, type Shape, valuesAt } from "../../server/src/core/model/compose/schema-shapes.ts";

/** Path → shape of each key. */
function keysBelow(shape: Shape, path: readonly string[] = []): (readonly [string, Shape])[] {
  return [
    ...[...shape.keys].flatMap(([key, each]) => [
      [[...path, key].join("."), each] as const,
      ...keysBelow(each, [...path, key]),
    ]),
    ...(shape.named ? keysBelow(shape.named, [...path, "*"]) : []),
    ...(shape.items ? keysBelow(shape.items, [...path, "*"]) : []),
  ];
}

const schema = new Map(keysBelow(fileShape()));

test("each key of the schema is documented, and no other", () => {
  const documented = Object.keys(KEY_DOCS);
  assert.ok(schema.size > 300);
  assert.deepEqual(
    [...schema.keys()].filter((path) => !(path in KEY_DOCS)),
    [],
    "lack documentation",
  );
  assert.deepEqual(
    documented.filter((path) => !schema.has(path)),
    [],
    "are no keys",
  );
});

test("each value the schema knows has its words, and no other", () => {
  for (const [path, shape] of schema) {
    const steps = path.split(".");
    const isList = shape.items !== undefined && !shape.is.includes("string");
    const known = valuesAt(isList ? [...steps, "*"] : steps).filter((value) => value !== "true" && value !== "false");
    assert.deepEqual(Object.keys(docOf(steps)?.values ?? {}).toSorted(), known.toSorted(), path);
  }
});

test("what is said is one sentence, and what follows a key fits what may stand there", () => {
  for (const [path, doc] of Object.entries(KEY_DOCS)) {
    assert.match(doc.about, /^[A-Z`].*[^.]$/, path);
    if (doc.since !== undefined) assert.match(doc.since, /^\d+\.\d+\.\d+$/, path);
    const kinds = schema.get(path)?.is ?? [];
    if (doc.form !== undefined) assert.ok(kinds.includes(doc.form), `${path} can be a ${doc.form}`);
    else
      assert.ok(
        kinds.some((kind) => kind !== "list" && kind !== "map"),
        `${path} can be a text`,
      );
  }
});

test("links lead to the part of the reference that is about the key", () => {
  const at = (path: string): string =>
    referenceOf(path.split(".")).replace("https://docs.docker.com/reference/compose-file/", "");
  assert.equal(at("services.*.ports.*.target"), "services/#ports");
  assert.equal(at("services.*.build.target"), "build/#target");
  assert.equal(at("services.*.deploy"), "deploy/");
  assert.equal(at("networks.*.ipam.config"), "networks/#ipam");
  assert.equal(at("name"), "version-and-name/");
});
