/**
 * Every generated file is clean under our own profile `strict`, read with the project around it. With digests from a registry nothing is
 * found at all; without one, exactly the images that are named by tag alone.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect, type Kind } from "../../server/src/core/findings/inspect.ts";
import { defaultSettings, type Settings } from "../../server/src/core/findings/settings.ts";
import type { Plan } from "../../server/src/core/generate/plan.ts";
import type { AnswerSource } from "../../server/src/core/rule.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { type Case, cases, madeUpDigest, planCase } from "./project.ts";

const STRICT: Settings = { ...defaultSettings, profile: "strict" };
const KINDS: Readonly<Record<string, Kind>> = {
  Dockerfile: { language: "dockerfile", name: "Dockerfile" },
  ".dockerignore": { language: "dockerignore", name: ".dockerignore" },
  "compose.yaml": { language: "compose", name: "compose.yaml" },
};

/** What is on disk once the files are written. */
function answersFor(folder: string, files: ReadonlyMap<string, string>): AnswerSource {
  const at = (path: string): string =>
    [folder, path.replace(/^(?:\.\/)+/, "").replace(/\/$/, "")].filter((part) => part !== "" && part !== ".").join("/");
  const isFolder = (path: string): boolean =>
    path === "" || [...files.keys()].some((each) => each.startsWith(`${path}/`));
  return {
    get(_, question) {
      if (question.ask === "list") {
        const inside = [...files.keys()].flatMap((path) =>
          folder === "" ? [path] : path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [],
        );
        const folders = inside.flatMap((path) =>
          path
            .split("/")
            .slice(0, -1)
            .map((_each, depth, parts) => `${parts.slice(0, depth + 1).join("/")}/`),
        );
        return [...new Set([...inside, ...folders])].toSorted().join("\n");
      }
      if (!("path" in question)) return undefined;
      const path = at(question.path);
      const text = files.get(path);
      if (question.ask === "exists") return text !== undefined || isFolder(path) ? "yes" : "no";
      if (question.ask === "read" || question.ask === "text") return text ?? { unknown: `there is no ${path}` };
      if (question.ask === "path-kind") return text !== undefined ? "file" : isFolder(path) ? "folder" : "missing";
      return undefined;
    },
  };
}

function findingsIn(each: Case, plan: Plan): readonly string[] {
  const written = new Map([...each.files, ...plan.files.map(({ path, text }) => [path, text] as const)]);
  return plan.files.flatMap(({ kind, path, text }) => {
    const as = KINDS[kind];
    if (!as) return [];
    const { findings, crashes } = inspect(text, rules, STRICT, answersFor(plan.folder, written), as);
    assert.deepEqual(crashes, []);
    return findings.map(
      ({ rule, message, span }) => `${path}: ${rule}: ${message} (${text.slice(span.start, span.end).split("\n")[0]})`,
    );
  });
}

/** One for each way to choose that leads to other files. */
function* variants(each: Case): Iterable<readonly [string, Plan]> {
  const plan = planCase(each, madeUpDigest);
  if (plan.outcome === "refused") return;
  yield ["as decided", plan];
  for (const { id, alternatives } of plan.decisions)
    for (const alternative of alternatives) {
      const other = planCase({ ...each, choices: new Map([...each.choices, [id, alternative.id]]) }, madeUpDigest);
      if (other.outcome === "planned") yield [`${id}=${alternative.id}`, other];
    }
}

describe("generated files under strict", () => {
  for (const each of cases.filter(({ name }) => !name.startsWith("refused-"))) {
    test(`${each.name}: with digests nothing is found, whatever is chosen`, () => {
      for (const [name, plan] of variants(each)) {
        assert.deepEqual(plan.unpinned, [], name);
        assert.deepEqual(findingsIn(each, plan), [], name);
      }
    });

    test(`${each.name}: without them, the images and nothing else`, () => {
      const plan = planCase(each);
      assert.ok(plan.outcome === "planned");
      const found = findingsIn(each, plan);
      assert.ok(plan.unpinned.length > 0 && plan.decisions.some(({ id, doubtful }) => id === "digests" && doubtful));
      assert.deepEqual(
        found.filter((line) => !/: (?:base-digest-unpinned|compose-image-digest): /.test(line)),
        [],
      );
      assert.equal(new Set(found.map((line) => /\((.*)\)$/.exec(line)?.[1])).size, plan.unpinned.length);
    });
  }
});
