/** `dockwright refactor` on Dockerfiles: at a line and everywhere, what it writes, what it says, and how it ends. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { REFACTORINGS } from "../../server/src/core/assists/dockerfile/index.ts";
import { createAnswers } from "../../server/src/effects/answers.ts";
import { cli, folderWith } from "./harness.ts";

const PLAIN = 'FROM debian:13\nRUN one\nRUN two \\\n    && three\nRUN ["four"]\nRUN five\n';

test("everywhere in a file, and what was left is said", async (t) => {
  const cwd = folderWith(t, { Dockerfile: PLAIN });
  const { code, stdout } = await cli(["refactor", "merge-run", "Dockerfile"], { cwd });
  assert.equal(stdout, "Dockerfile: rewritten\n  left   the JSON form has no shell that could join them\n");
  assert.equal(code, 0);
  assert.equal(
    readFileSync(join(cwd, "Dockerfile"), "utf8"),
    'FROM debian:13\nRUN one && \\\n    two \\\n    && three\nRUN ["four"]\nRUN five\n',
  );
});

test("on a line, as a diff", async (t) => {
  const cwd = folderWith(t, { Dockerfile: PLAIN });
  const { code, stdout } = await cli(["refactor", "split-run", "--line", "4", "--diff", "Dockerfile"], { cwd });
  assert.equal(code, 1);
  assert.match(stdout, /\n-RUN two \\\n- {4}&& three\n\+RUN two\n\+RUN three\n/);
  assert.equal(readFileSync(join(cwd, "Dockerfile"), "utf8"), PLAIN);
});

test("on the lines of a selection, from standard input", async (t) => {
  const cwd = folderWith(t, {});
  const stdin = "FROM debian:13\nRUN one\nRUN two\nRUN three\n";
  const { code, stdout } = await cli(["refactor", "merge-run", "--line", "2-3", "-"], { cwd, stdin });
  assert.equal(stdout, "FROM debian:13\nRUN one && \\\n    two\nRUN three\n");
  assert.equal(code, 0);
});

test("nothing there, and nothing possible there", async (t) => {
  const cwd = folderWith(t, { Dockerfile: "FROM debian:13\nRUN cd /x && make\n" });
  const none = await cli(["refactor", "split-run", "--line", "1", "Dockerfile"], { cwd });
  assert.deepEqual(
    [none.code, none.stdout],
    [0, "Dockerfile: left as it is: there is nothing of the kind on that line\n"],
  );
  const refused = await cli(["refactor", "split-run", "--line", "2", "Dockerfile"], { cwd });
  assert.equal(refused.stdout, "Dockerfile: left as it is: cd /x in front of it changes the shell for what follows\n");
});

test("a folder's Dockerfiles, not its compose files", async (t) => {
  const cwd = folderWith(t, { "a/Dockerfile": PLAIN, "compose.yaml": "services: {}\n" });
  const { code, stdout, stderr } = await cli(["refactor", "exec-form"], { cwd });
  assert.equal(stdout, `${join("a", "Dockerfile")}: left as it is: there is nothing of the kind in it\n`);
  assert.equal(stderr, "");
  assert.equal(code, 0);
});

test("what is downloaded for it is said by the answers, and offline nothing is", async (t) => {
  const url = "https://example.org/tool-1.0.tgz";
  const sum = `sha256:${"4f".repeat(32)}`;
  const cwd = folderWith(t, { Dockerfile: `FROM debian:13\nADD ${url} /tmp/\n` });
  const asked: string[] = [];
  const answers = async () =>
    createAnswers({
      checksum: async (question) => {
        asked.push(question.url);
        return sum;
      },
    });
  const offline = await cli(["refactor", "add-checksum", "--offline", "Dockerfile"], { cwd, parts: { answers } });
  assert.equal(offline.stdout, "Dockerfile: left as it is: its checksum is known only once it is downloaded\n");
  assert.deepEqual(asked, []);
  const online = await cli(["refactor", "add-checksum", "Dockerfile"], { cwd, parts: { answers } });
  assert.equal(online.stdout, "Dockerfile: rewritten\n");
  assert.deepEqual(asked, [url]);
  assert.equal(readFileSync(join(cwd, "Dockerfile"), "utf8"), `FROM debian:13\nADD --checksum=${sum} ${url} /tmp/\n`);
});

test("the help has every kind, with the argument for its safety", async () => {
  const { stdout } = await cli(["refactor", "--help"], { cwd: "." });
  const words = stdout.replace(/\s+/g, " ");
  for (const { id, safety, why } of REFACTORINGS) {
    assert.match(stdout, new RegExp(`^  ${id} `, "m"));
    assert.ok(words.includes(`${safety}: ${why}`), id);
  }
});

const MISTAKES: readonly { readonly argv: readonly string[]; readonly message: RegExp }[] = [
  { argv: ["split-run", "Dockerfile"], message: /split-run has to know where: say --line N, as in: / },
  { argv: ["merge-run", "--line", "x", "Dockerfile"], message: /--line cannot be x; write a line, or / },
  { argv: ["merge-run", "--line", "4-2", "Dockerfile"], message: /--line cannot be 4-2; / },
  { argv: ["merge-run", "--line", "2", "Dockerfile", "b"], message: /--line is a line of one file/ },
  { argv: ["merge-run", "compose.yaml"], message: /compose\.yaml is no Dockerfile/ },
  { argv: ["merge-runs"], message: /did you mean merge-run\?/ },
];
for (const { argv, message } of MISTAKES)
  test(`refactor ${argv.join(" ")}`, async (t) => {
    const cwd = folderWith(t, { Dockerfile: PLAIN, "compose.yaml": "services: {}\n" });
    const { code, stdout, stderr } = await cli(["refactor", ...argv], { cwd });
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, message);
  });
