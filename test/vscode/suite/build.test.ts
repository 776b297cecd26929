/** Building from the editor, with the real Docker that test/vscode/run.ts has started. */
import assert from "node:assert/strict";
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, suiteTeardown, test } from "mocha";
import * as vscode from "vscode";
import { runProgram, setTrusted } from "../../../client/src/process.ts";
import { eventually, findings, openDockerfile, workspaceFolder } from "./documents.ts";
import { hand, hasHands } from "./hands.ts";
import { registry } from "./registry.ts";

const busybox = process.env["DOCKWRIGHT_TEST_BUSYBOX"];

/** What the builder said, not our rules. */
const builderProblems = (uri: vscode.Uri): readonly vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "Docker with buildx");

/** Runs to the end what starts a task. */
async function untilBuilt(start: () => Thenable<unknown>): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const listening = vscode.tasks.onDidEndTask(({ execution }) => {
    if (execution.task.definition.type === "dockwright") ended.resolve();
  });
  try {
    await start();
    await ended.promise;
  } finally {
    listening.dispose();
  }
}

const build = (uri: vscode.Uri): Promise<void> =>
  untilBuilt(() => vscode.commands.executeCommand("dockwright.buildImage", uri));

const docker = async (
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly stdout: string }> => {
  setTrusted(() => vscode.workspace.isTrusted);
  return runProgram({ command: "docker", args }, { signal: new AbortController().signal, timeoutMs: 30_000 });
};

/** A Dockerfile with a shell beside it, in a folder of its own. */
async function openWithShell(lines: readonly string[]): Promise<vscode.TextDocument> {
  const { document } = await openDockerfile(["FROM scratch", "COPY busybox /bin/busybox", ...lines, ""].join("\n"));
  const beside = vscode.Uri.joinPath(document.uri, "..", "busybox").fsPath;
  copyFileSync(busybox ?? "", beside);
  chmodSync(beside, 0o755);
  return document;
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
        let told: readonly string[] = [];
        for (let tries = 0; tries < 50 && !told.some((text) => text.includes(image)); tries += 1) {
          await vscode.commands.executeCommand("notifications.showList");
          told = await hand<readonly string[]>("notifications");
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        assert.match(told.join("\n"), /: \d+\.\d [kM]B in \d+\.\d s, 1 of 1 step from the cache/);
      });

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
          const [like] = await vscode.tasks.fetchTasks({ type: "dockwright" });
          assert.ok(like?.execution);
          const { execution } = like;
          const run = (output: string): Promise<void> => {
            const definition = { type: "dockwright", dockerfile, tags: [`${host}/team/pushed:1`], output };
            const task = new vscode.Task(definition, vscode.TaskScope.Workspace, "push", "tests", execution);
            return untilBuilt(() => vscode.tasks.executeTask(task));
          };
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
