/** Building from the editor, with the real Docker that test/vscode/run.ts has started. */
import assert from "node:assert/strict";
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { build, builderProblems, docker, untilBuilt } from "./builds.ts";
import { eventually, findings, openDockerfile, workspaceFolder } from "./documents.ts";
import { hand, hasHands } from "./hands.ts";
import { registry } from "./registry.ts";

const busybox = process.env["DOCKWRIGHT_TEST_BUSYBOX"];
/** There when the images are that examples/go is built from; free for what it serves. */
const port = process.env["DOCKWRIGHT_TEST_PORT"];

/** A Dockerfile with a shell beside it, in a folder of its own. */
async function openWithShell(lines: readonly string[]): Promise<vscode.TextDocument> {
  const { document } = await openDockerfile(["FROM scratch", "COPY busybox /bin/busybox", ...lines, ""].join("\n"));
  const beside = vscode.Uri.joinPath(document.uri, "..", "busybox").fsPath;
  copyFileSync(busybox ?? "", beside);
  chmodSync(beside, 0o755);
  return document;
}

/** As a task of tasks.json. */
async function buildAs(definition: vscode.TaskDefinition): Promise<number | undefined> {
  const [like] = await vscode.tasks.fetchTasks({ type: "dockwright" });
  assert.ok(like?.execution);
  const task = new vscode.Task(definition, vscode.TaskScope.Workspace, "as it is said", "tests", like.execution);
  return untilBuilt(() => vscode.tasks.executeTask(task));
}

/** What the notification about the image says, as soon as there is one. */
async function toldOf(image: string): Promise<string> {
  let told: readonly string[] = [];
  for (let tries = 0; tries < 50; tries += 1) {
    await vscode.commands.executeCommand("notifications.showList");
    told = await hand<readonly string[]>("notifications");
    const about = told.find((text) => text.startsWith(`${image}: `));
    if (about !== undefined) return about;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`No notification is about ${image}; there are: ${told.join(" | ") || "none"}`);
}

/** What the container serves, as soon as it does. */
async function answerOf(path: string): Promise<string> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    } catch (error) {
      if (tries === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const isSleeping = (): boolean =>
  readdirSync("/proc").some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").endsWith("sleep\0" + "4200\0");
    } catch {
      return false;
    }
  });

const tidyUp = async (): Promise<void> => {
  await vscode.commands.executeCommand("workbench.action.closePanel");
  await vscode.commands.executeCommand("notifications.clearAll");
};

const FAILING = 'RUN --network=none ["/bin/busybox", "sh", "-c", "echo last words && exit 3"]';

if (busybox !== undefined) {
  suite("building", () => {
    suiteTeardown(tidyUp);

    test("a lens over each stage", async () => {
      const { document } = await openDockerfile(
        "FROM scratch AS first\nCOPY a /\n\nFROM scratch\nCOPY --from=first / /\n",
      );
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        "vscode.executeCodeLensProvider",
        document.uri,
        10,
      );
      const found = lenses.map(({ range, command }) => [range.start.line, command?.title]);
      assert.deepEqual(found, [
        [0, "Build stage first"],
        [3, "Build image"],
      ]);
    });

    test("an image is there, under the name of folder and branch", async () => {
      const document = await openWithShell(["LABEL built=here"]);
      await build(document.uri);
      const folder = vscode.Uri.joinPath(document.uri, "..").path.split("/").at(-1);
      const { stdout } = await docker("image", "inspect", "--format", "{{.Config.Labels.built}}", `${folder}:latest`);
      assert.equal(stdout.trim(), "here");
      assert.deepEqual(builderProblems(document.uri), []);
    });

    test("a stage is built under a name of its own", async () => {
      const { document } = await openDockerfile(
        "FROM scratch AS first\nLABEL stage=first\n\nFROM scratch\nLABEL stage=last\nCOPY --from=first Dockerfile /\n",
      );
      await untilBuilt(() => vscode.commands.executeCommand("dockwright.buildImage", document.uri.toString(), "first"));
      const folder = vscode.Uri.joinPath(document.uri, "..").path.split("/").at(-1);
      const { stdout } = await docker(
        "image",
        "inspect",
        "--format",
        "{{.Config.Labels.stage}}",
        `${folder}:latest-first`,
      );
      assert.equal(stdout.trim(), "first");
    });

    test("a RUN that fails is a problem on its line, with its last words; it follows edits and goes with the next build", async () => {
      const document = await openWithShell(["# a comment", FAILING, "LABEL a=b"]);
      await build(document.uri);
      const [problem, ...others] = await eventually("the problem", () => {
        const found = builderProblems(document.uri);
        return found.length > 0 && found;
      });
      assert.ok(problem);
      assert.deepEqual(others, []);
      assert.equal(problem.severity, vscode.DiagnosticSeverity.Error);
      assert.deepEqual([problem.range.start.line, problem.range.start.character, problem.range.end.line], [3, 0, 3]);
      assert.match(problem.message, /exit code: 3[\s\S]*last words/);

      const above = new vscode.WorkspaceEdit();
      above.insert(document.uri, new vscode.Position(0, 0), "# one\n# two\n");
      await vscode.workspace.applyEdit(above);
      assert.equal(builderProblems(document.uri)[0]?.range.start.line, 5);

      const mended = new vscode.WorkspaceEdit();
      mended.delete(document.uri, new vscode.Range(5, 0, 6, 0));
      await vscode.workspace.applyEdit(mended);
      assert.deepEqual(builderProblems(document.uri), []);
      await build(document.uri);
      assert.deepEqual(builderProblems(document.uri), []);
    });

    if (port !== undefined)
      test("a RUN that fails is on its line behind a frontend of its own, too", async () => {
        const lines = ["RUN <<EOF", "echo last words", "exit 3", "EOF", "LABEL a=b"];
        const text = ["# syntax=docker/dockerfile:1", "", "FROM alpine AS One", "FROM one", ...lines, ""].join("\n");
        const { document } = await openDockerfile(text);
        const definition = {
          ...{ type: "dockwright", dockerfile: vscode.workspace.asRelativePath(document.uri) },
          ...{ tags: ["heredoc:1"], network: "host" },
        };
        assert.equal(await buildAs(definition), 1);
        const [problem, ...others] = builderProblems(document.uri);
        assert.deepEqual(others, []);
        assert.deepEqual([problem?.range.start.line, problem?.range.end.line], [4, 7]);
        assert.match(problem?.message ?? "", /exit code: 3[\s\S]*last words/);
      });

    test("an output goes below the workspace, and what fails or is cancelled leaves the last one as it was", async () => {
      const document = await openWithShell(["LABEL a=b"]);
      const folder = vscode.Uri.joinPath(document.uri, "..");
      const [dockerfile, into] = [document.uri, folder].map((uri) => vscode.workspace.asRelativePath(uri));
      const definition = { type: "dockwright", dockerfile, tags: ["out:1"], output: `type=oci,dest=${into}/image.tar` };
      const archive = join(folder.fsPath, "image.tar");
      const text = document.getText();
      const others = (): readonly string[] => readdirSync(folder.fsPath).filter((name) => name.includes("partial"));
      assert.equal(await buildAs(definition), 0);
      const first = readFileSync(archive);
      assert.ok(first.includes("oci-layout"));

      writeFileSync(document.uri.fsPath, `${text}${FAILING}\n`);
      assert.equal(await buildAs(definition), 1);
      assert.ok(readFileSync(archive).equals(first));
      assert.deepEqual(others(), []);

      writeFileSync(document.uri.fsPath, `${text}RUN --network=none ["/bin/busybox", "sleep", "4200"]\n`);
      const cancelled = buildAs(definition);
      await eventually("the step to begin", () => isSleeping());
      for (const execution of vscode.tasks.taskExecutions) execution.terminate();
      await cancelled;
      await eventually("it to end", () => !isSleeping() && others().length === 0);
      assert.ok(readFileSync(archive).equals(first));
    });

    test("what BuildKit warns about and a rule reports is said once", async () => {
      const document = await openWithShell(["MAINTAINER somebody"]);
      const ours = await findings(document, (rules) => rules.includes("maintainer-deprecated"));
      assert.ok(ours.length > 0);
      await build(document.uri);
      assert.deepEqual(builderProblems(document.uri), []);
    });

    test("a file outside of the workspace, with a name that shells would not like", async () => {
      const folder = mkdtempSync(join(tmpdir(), "outside 'of' $(touch pwned); "));
      try {
        writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nLABEL outside=yes\n");
        await build(vscode.Uri.file(join(folder, "Dockerfile")));
        const { stdout } = await docker(
          "image",
          "ls",
          "--filter",
          "label=outside=yes",
          "--format",
          "{{.Repository}}:{{.Tag}}",
        );
        assert.match(stdout.trim(), /^outside-of-touch-pwned[a-z0-9-]*:latest$/);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    test("a file that is being built is not built a second time; cancelling ends what it had started", async () => {
      const document = await openWithShell(['RUN --network=none ["/bin/busybox", "sleep", "4200"]']);
      const ended: string[] = [];
      const listening = vscode.tasks.onDidEndTask(({ execution }) => ended.push(execution.task.name));
      try {
        await vscode.commands.executeCommand("dockwright.buildImage", document.uri);
        await eventually("the step to begin", () => isSleeping());
        const again = new vscode.Task(
          { type: "dockwright", dockerfile: document.uri.fsPath, tags: ["second:1"] },
          vscode.TaskScope.Workspace,
          "second",
          "tests",
        );
        const [provided] = await vscode.tasks.fetchTasks({ type: "dockwright" });
        assert.ok(provided?.execution);
        again.execution = provided.execution;
        await vscode.tasks.executeTask(again);
        await eventually("the second to be refused", () => ended.includes("second"));
        assert.equal(ended.length, 1, ended.join());
        for (const execution of vscode.tasks.taskExecutions) execution.terminate();
        await eventually("the first to end", () => ended.length > 1 && !isSleeping());
      } finally {
        listening.dispose();
      }
    });

    test("Dockerfiles of the workspace are tasks, and so is what tasks.json says", async () => {
      const document = await openWithShell([]);
      const name = vscode.workspace.asRelativePath(document.uri);
      const provided = await vscode.tasks.fetchTasks({ type: "dockwright" });
      assert.ok(
        provided.some(({ definition }) => definition["dockerfile"] === name),
        provided.map((task) => task.name).join("\n"),
      );
      const config = vscode.workspace.getConfiguration("tasks", workspaceFolder());
      const written = {
        label: "mine",
        type: "dockwright",
        dockerfile: name,
        tags: ["from-tasks:1"],
        platforms: ["linux/amd64"],
      };
      await config.update("version", "2.0.0");
      await config.update("tasks", [written]);
      try {
        let mine: vscode.Task | undefined;
        for (let tries = 0; tries < 50 && !mine; tries += 1) {
          mine = (await vscode.tasks.fetchTasks()).find((task) => task.name === "mine");
          if (!mine) await new Promise((resolve) => setTimeout(resolve, 100));
        }
        assert.ok(mine, "the task of tasks.json is known");
        const task = mine;
        await untilBuilt(() => vscode.tasks.executeTask(task));
        assert.equal((await docker("image", "inspect", "from-tasks:1")).code, 0);
      } finally {
        await config.update("tasks", undefined);
        await config.update("version", undefined);
      }
    });
  });

  // Without the hands there is nobody to answer.
  if (hasHands)
    suite("building, asked", () => {
      suiteTeardown(tidyUp);

      test("what nobody can know is asked once; what came of it is told, with what to do next", async () => {
        const document = await openWithShell(["ARG GREETING", "LABEL greeting=$GREETING"]);
        const first = build(document.uri);
        await hand("answer", "good morning");
        await first;
        const image = `${vscode.Uri.joinPath(document.uri, "..").path.split("/").at(-1)}:latest`;
        const { stdout } = await docker("image", "inspect", "--format", "{{.Config.Labels.greeting}}", image);
        assert.equal(stdout.trim(), "good morning");
        await vscode.commands.executeCommand("notifications.clearAll");
        await build(document.uri);
        assert.match(await toldOf(image), /: \d+\.\d [kM]B in \d+\.\d s, 1 of 1 step from the cache/);
      });

      test("what is chosen is saved as a task, which asks nothing when it is run", async () => {
        const document = await openWithShell(["LABEL saved=yes"]);
        const choosing = vscode.commands.executeCommand("dockwright.buildImageWithOptions", document.uri);
        await hand("search", "Platforms");
        await hand("answer", "linux/amd64");
        await hand("search", "Save in tasks.json");
        await choosing;
        const dockerfile = vscode.workspace.asRelativePath(document.uri);
        const config = vscode.workspace.getConfiguration("tasks", workspaceFolder());
        try {
          const saved = config.get<readonly Record<string, unknown>[]>("tasks")?.[0];
          assert.deepEqual(
            [saved?.["label"], saved?.["dockerfile"], saved?.["platforms"], saved?.["problemMatcher"]],
            [`build ${dockerfile}`, dockerfile, ["linux/amd64"], []],
          );
        } finally {
          await config.update("tasks", undefined);
          await config.update("version", undefined);
        }
      });

      if (port !== undefined)
        test("examples/go, as its Dockerfile is: built, told with its size, run; the second build is all from the cache", async () => {
          const uri = vscode.Uri.joinPath(workspaceFolder(), "go", "Dockerfile");
          const image = "go:latest";
          // The daemon of the tests has no network of its own.
          const first = await untilBuilt(async () => {
            const choosing = vscode.commands.executeCommand("dockwright.buildImageWithOptions", uri);
            await hand("search", "Network of RUN");
            await hand("answer", "host");
            await hand("pick", "Build");
            await choosing;
          });
          assert.equal(first, 0);
          assert.match(
            await toldOf(image),
            /go:latest: \d+(?:\.\d)? MB in \d+(?:\.\d s| min \d+ s), 0 of 5 steps from the cache/,
          );
          assert.deepEqual(
            builderProblems(uri).map(({ message }) => message),
            [],
          );
          const inspected = await docker("image", "inspect", "--format", "{{json .Config.Env}}", image);
          assert.match(inspected.stdout, /"PORT=8080"/);

          const serving = await docker("run", "--detach", "--network=host", `--env=PORT=${port}`, image);
          assert.equal(serving.code, 0, serving.stderr);
          const container = serving.stdout.trim();
          try {
            assert.equal(await answerOf("/health"), "ok\n");
            assert.equal(await answerOf("/?name=Ada"), "Hello, Ada!\n");
          } finally {
            await docker("rm", "--force", container);
          }

          await vscode.commands.executeCommand("notifications.clearAll");
          assert.equal(await build(uri), 0);
          assert.match(await toldOf(image), /go:latest: \d+(?:\.\d)? MB in \d+\.\d s, 5 of 5 steps from the cache/);
        }).timeout(300_000);

      test("a builder is chosen from those there are, and goes into the settings", async () => {
        const choosing = vscode.commands.executeCommand("dockwright.selectBuilder");
        const rows = (await hand<readonly string[]>("pickRows")).join("\n");
        for (const word of ["Automatic", "Podman", "default", "Create builder…"]) assert.ok(rows.includes(word), rows);
        await hand("pick", "Docker's classic builder");
        await choosing;
        const engine = (): unknown => vscode.workspace.getConfiguration("dockwright").get("engine");
        assert.equal(engine(), "docker-classic");
        const document = await openWithShell(["LABEL built=by-the-classic-builder", 'RUN ["/bin/busybox", "false"]']);
        await build(document.uri);
        const [problem] = vscode.languages
          .getDiagnostics(document.uri)
          .filter(({ source }) => source === "Docker's classic builder");
        assert.equal(problem?.range.start.line, 3);
        const back = vscode.commands.executeCommand("dockwright.selectBuilder");
        await hand("pick", "Automatic");
        await back;
        assert.equal(engine(), "auto");
      });

      // VS Code shows no modal to a suite: it throws where one would open.
      if (registry) {
        const host = registry.image.split("/")[0] ?? "";
        test("nothing is pushed before somebody has agreed to where", async () => {
          const document = await openWithShell([]);
          const dockerfile = vscode.workspace.asRelativePath(document.uri);
          const run = (output: string): Promise<number | undefined> =>
            buildAs({ type: "dockwright", dockerfile, tags: [`${host}/team/pushed:1`], output });
          const status = async (): Promise<number> =>
            (await fetch(`http://${host}/v2/team/pushed/manifests/1`, { method: "HEAD" })).status;
          await run("type=image");
          assert.equal((await docker("image", "inspect", `${host}/team/pushed:1`)).code, 0, "it can be built");
          await run("type=registry");
          assert.equal(await status(), 404);
        });
      }
    });
}
