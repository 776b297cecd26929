/** Validation of compose files: what is said of a key or a value, where, and what the same table tells completion. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import { keysAt, schemaFaults, type SchemaFault, valuesAt } from "../../server/src/core/model/compose/schema.ts";
import { yamlFaults } from "../../server/src/core/model/compose/yaml-faults.ts";
import { schemaCases, textOf } from "./schema-cases.ts";

function faultsOf(text: string): readonly SchemaFault[] {
  const { root, problems } = parseCompose(text);
  assert.deepEqual(problems, []);
  return root ? schemaFaults(root) : [];
}

describe("what is said", () => {
  for (const each of schemaCases)
    test(each.service ?? JSON.stringify(each.file), () => {
      const said = faultsOf(textOf(each)).map(({ message, by }) => (by ? `(${by}) ${message}` : message));
      assert.deepEqual(said, each.said);
    });
});

describe("where", () => {
  const places: readonly (readonly [text: string, marked: string, at: SchemaFault["at"], path: string])[] = [
    ["services: {a: {restrat: x}}", "restrat", "key", "services.a.restrat"],
    ["services: {a: {tty: perhaps}}", "perhaps", "value", "services.a.tty"],
    ["services:\n  a:\n    environment:\n    image: x\n", "environment", "key", "services.a.environment"],
    ["services:\n  a:\n    privileged:\n      - x\n", "privileged", "key", "services.a.privileged"],
    ["services:\n  a:\n    privileged: [x]\n", "[x]", "value", "services.a.privileged"],
    ["services:\n  a:\n    command:\n      - 1\n", "1", "value", "services.a.command.0"],
    ["services:\n  a:\n    volumes:\n      - type: bind\n", "type", "value", "services.a.volumes.0"],
    ['services: {a: {ports: ["80:80/http"]}}', "http", "value", "services.a.ports.0"],
    ["x-a: &a perhaps\nservices: {a: {tty: *a}}", "*a", "value", "services.a.tty"],
    ["x-a: &a {tty: perhaps}\nservices: {a: {<<: *a}, b: {<<: *a}}", "perhaps", "value", "services.a.tty"],
  ];
  for (const [text, marked, at, path] of places)
    test(JSON.stringify(text), () => {
      const [fault, ...more] = faultsOf(text);
      assert.ok(fault);
      assert.deepEqual(more, []);
      assert.deepEqual(
        [text.slice(fault.span.start, fault.span.end), fault.at, fault.path.join(".")],
        [marked, at, path],
      );
    });
});

test("an alias without its anchor is the business of YAML alone", () => {
  const text = "services:\n  a:\n    image: *nowhere\n";
  assert.deepEqual(faultsOf(text), []);
  assert.deepEqual(
    yamlFaults(parseCompose(text)).map(({ message }) => message),
    ["No anchor above is called nowhere"],
  );
});

describe("the keys and values of a place", () => {
  const names = (...path: readonly string[]): readonly string[] => keysAt(path).map(({ name }) => name);

  test("of the file, a service, an item", () => {
    assert.ok(names().includes("services"));
    assert.ok(names("services", "*").includes("restart"));
    assert.deepEqual(names("services", "*", "healthcheck").toSorted(), [
      ...["disable", "interval", "retries", "start_interval", "start_period", "test", "timeout"],
    ]);
    assert.ok(names("services", "*", "ports", "*").includes("published"));
    assert.deepEqual(names("services", "*", "depends_on", "*").toSorted(), ["condition", "required", "restart"]);
  });

  test("none where people choose the names, or where there is nothing", () => {
    assert.deepEqual(names("services"), []);
    assert.deepEqual(names("services", "*", "environment"), []);
    assert.deepEqual(names("services", "*", "nothing", "at", "all"), []);
  });

  test("with their kinds, and what the specification has given up", () => {
    const version = keysAt([]).find(({ name }) => name === "version");
    assert.deepEqual(version, { name: "version", types: ["string"], deprecated: true });
    const order = keysAt(["services", "*", "deploy", "update_config"]).find(({ name }) => name === "order");
    assert.deepEqual(order, { name: "order", types: ["string"], enum: ["start-first", "stop-first"] });
  });

  test("values: enumerations, truth values, usual ones", () => {
    assert.deepEqual(valuesAt(["services", "*", "depends_on", "*", "condition"]), [
      ...["service_started", "service_healthy", "service_completed_successfully"],
    ]);
    assert.deepEqual(valuesAt(["services", "*", "tty"]), ["true", "false"]);
    assert.ok(valuesAt(["services", "*", "restart"]).includes("unless-stopped"));
    assert.ok(valuesAt(["services", "*", "cap_drop", "*"]).includes("ALL"));
    assert.deepEqual(valuesAt(["services", "*", "image"]), []);
  });
});
