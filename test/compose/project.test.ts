/** Compose files put together, without the real compose: where nodes come from, what is known while files are missing. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fieldOf, textOf } from "../../server/src/core/model/compose/fields.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import { type Lookup, type Project, projectOf } from "../../server/src/core/model/compose/project.ts";
import { composeProjects } from "./projects.ts";

/** A folder's files; `missing` what is not among them. */
function folderOf(files: Readonly<Record<string, string>>, asked: string[] = []): Lookup {
  return ({ ask, path }) => {
    asked.push(`${ask}:${path}`);
    const text = files[path];
    if (ask === "text") return text ?? { unknown: "it is missing" };
    return text === undefined ? "missing" : "file";
  };
}

const projectIn = (files: Readonly<Record<string, string>>, document: string, asked: string[] = []): Project =>
  projectOf(parseCompose(files[document] ?? "", document), folderOf(files, asked));

const unanswered: Lookup = () => undefined;

describe("a project", () => {
  test("every part says which way it came", () => {
    const project = projectIn(
      {
        "compose.yaml":
          "include: [more.yaml]\nservices:\n  web:\n    extends: {file: base.yaml, service: base}\n    command: serve\n",
        "base.yaml": "services:\n  base:\n    image: nginx\n    healthcheck: {test: check}\n",
        "more.yaml": "services:\n  db:\n    image: postgres\n",
        "compose.override.yaml": "services:\n  web:\n    user: '1000'\n    healthcheck: {interval: 5s}\n",
      },
      "compose.yaml",
    );
    const via = (service: string, ...path: readonly string[]): unknown =>
      fieldOf(project.service(service)?.map, ...path)?.via;
    assert.deepEqual(via("web", "command"), undefined);
    assert.deepEqual(via("web", "image"), { kind: "extends", name: "base", file: "base.yaml" });
    assert.deepEqual(via("web", "healthcheck", "test"), { kind: "extends", name: "base", file: "base.yaml" });
    assert.deepEqual(via("web", "healthcheck", "interval"), { kind: "override", file: "compose.override.yaml" });
    assert.deepEqual(via("web", "user"), { kind: "override", file: "compose.override.yaml" });
    assert.deepEqual(via("db", "image"), { kind: "include", file: "more.yaml" });
    assert.deepEqual(
      project.services.map(({ name, isHere, complete }) => [name, isHere, complete]),
      [
        ["web", true, true],
        ["db", false, true],
      ],
    );
  });

  test("the spans of what is written here stay, also where two files say something", () => {
    const text = "services:\n  web:\n    image: nginx\n    healthcheck:\n      test: a\n";
    const files = {
      "compose.yaml": text,
      "compose.override.yaml": "services:\n  web:\n    healthcheck: {interval: 5s}\n",
    };
    const web = projectIn(files, "compose.yaml").service("web");
    const healthcheck = fieldOf(web?.map, "healthcheck");
    assert.ok(web && healthcheck);
    assert.equal(text.slice(web.nameSpan.start, web.nameSpan.end), "web");
    assert.equal(text.slice(healthcheck.keySpan.start, healthcheck.keySpan.end), "healthcheck");
    assert.equal(healthcheck.via, undefined);
  });

  test("while a file is not read, what it brings is not known", () => {
    const texts = [
      "include: [more.yaml]\nservices: {web: {image: nginx}}\n",
      "services: {web: {extends: {file: base.yaml, service: web}}}\n",
    ];
    const [including, extending] = texts.map((text) => projectOf(parseCompose(text), unanswered));
    assert.deepEqual([including?.complete, including?.services[0]?.complete], [false, false]);
    assert.deepEqual([extending?.complete, extending?.services[0]?.complete], [true, false]);
  });

  test("circles end", () => {
    const files = {
      "compose.yaml": "include: [compose.yaml, other.yaml]\nservices:\n  a: {extends: b}\n  b: {extends: a}\n",
      "other.yaml":
        "include: [compose.yaml]\nservices:\n  c: {extends: {file: third.yaml, service: c}}\n  a: {image: x}\n",
      "third.yaml": "services:\n  c: {extends: {file: other.yaml, service: c}}\n",
    };
    for (const document of Object.keys(files)) assert.equal(projectIn(files, document).services.length > 0, true);
  });

  test("a file of another name beside a main file is perhaps laid over it", () => {
    const files = { "compose.yaml": "services: {web: {image: x}}\n", "compose.prod.yaml": "services: {web: {}}\n" };
    assert.equal(projectIn(files, "compose.prod.yaml").complete, false);
    assert.equal(projectIn({ "compose.prod.yaml": "services: {web: {}}\n" }, "compose.prod.yaml").complete, true);
  });

  test("a file that one above includes is a part of it", () => {
    const main = "include: [db/compose.yaml]\nservices: {}\n";
    const part = "services: {db: {image: x, networks: [back]}}\n";
    const standsAlone = (above: Readonly<Record<string, string>>): boolean =>
      projectIn({ "compose.yaml": part, ...above }, "compose.yaml").standsAlone();
    assert.equal(standsAlone({}), true);
    assert.equal(standsAlone({ "../compose.yaml": main }), false);
    assert.equal(standsAlone({ "../compose.yaml": "services: {other: {image: x}}\n" }), true);
    assert.equal(standsAlone({ "../docker-compose.yml": "services: {db: {image: x}}\n" }), false);
  });

  test("a text without a name asks for nothing it does not name", () => {
    const asked: string[] = [];
    const project = projectOf(parseCompose("services:\n  web:\n    image: nginx\n"), folderOf({}, asked));
    assert.deepEqual([project.complete, project.standsAlone(), asked], [true, true, []]);
  });

  test("the text of a value is certain, likely, or not known", () => {
    const text =
      "services:\n  web:\n    image: nginx:${TAG}\n    user: plain\n    hostname: $$x\n    domainname: ${D:-d}\n    restart: ${R}\n";
    const files = { "one.yaml": text, ".env": "TAG=1.29\n" };
    const project = projectIn(files, "one.yaml");
    const known = (key: string): unknown => project.textOf(fieldOf(project.service("web")?.map, key)?.value);
    assert.deepEqual(known("user"), { text: "plain", certain: true });
    assert.deepEqual(known("hostname"), { text: "$x", certain: true });
    assert.deepEqual(known("image"), { text: "nginx:1.29", certain: false });
    assert.deepEqual(known("domainname"), { text: "d", certain: false });
    assert.equal(known("restart"), undefined);
  });

  test("no text makes it throw", () => {
    const odd = ["services: []", "services: {a: }", "services: {a: {extends: {}}}", "include: {}", "include: [[]]"];
    for (const text of [...odd, "services: {a: {extends: b}, b: [1]}", "volumes: !reset null", "a: &a [*a]"])
      for (const lookup of [unanswered, folderOf({})]) assert.ok(projectOf(parseCompose(text, "compose.yaml"), lookup));
  });

  test("the projects beside the real compose have their files read", () => {
    for (const { files, document, name } of composeProjects) {
      const project = projectIn(files, document);
      assert.ok(project.complete, name);
      for (const service of project.services) assert.equal(service.complete, true, `${name}: ${service.name}`);
    }
    const [overlaid] = composeProjects;
    const web = overlaid && projectIn(overlaid.files, overlaid.document).service("web");
    assert.equal(textOf(fieldOf(web?.map, "image")?.value), "nginx:1.29");
  });
});
