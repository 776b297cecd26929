/** The CI files: valid YAML, jobs and steps as GitHub's and GitLab's schemas have them, scripts a shell can read, nothing invented. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { askCommit, commitIn } from "../../client/src/ci/commits.ts";
import { imageName } from "../../client/src/ci/image-name.ts";
import { mustRun, run } from "../../scripts/process.ts";
import { ACTIONS, ALL_ACTIONS, placeholder } from "../../server/src/core/generate/ci/actions.ts";
import { githubWorkflow } from "../../server/src/core/generate/ci/github.ts";
import { gitlabPipeline } from "../../server/src/core/generate/ci/gitlab.ts";
import { imagesOf } from "../../server/src/core/generate/ci/images.ts";
import { remoteOf, repositoryFor } from "../../server/src/core/generate/ci/names.ts";
import { type CiProject, fromSeverity, registryOf } from "../../server/src/core/generate/ci/project.ts";

const PLAIN: CiProject = {
  images: [{ name: "app", repository: "ghcr.io/team/app", dockerfile: "Dockerfile", context: "." }],
  defaultBranch: "main",
  platforms: ["linux/amd64"],
  severity: "high",
  version: "1.2.3",
};

/** Names that must stay names. */
const HOSTILE: CiProject = {
  ...PLAIN,
  images: [
    {
      name: "api",
      repository: "registry.example.com:5000/team/api",
      dockerfile: "a b/Docker'file: #x",
      context: "a b",
    },
    {
      name: "web",
      repository: "team/web",
      dockerfile: '$(id)/-f;`x`"\\${{ secrets.X }}',
      context: "-c",
      target: "run: time",
    },
  ],
  defaultBranch: "re: lease #1",
  platforms: ["linux/amd64", "linux/arm64"],
  severity: "medium",
  fixableOnly: true,
};

const PROJECTS = { PLAIN, HOSTILE };

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly if?: string;
  readonly id?: string;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly "runs-on": string;
  readonly needs?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly include: readonly Readonly<Record<string, string>>[] } };
  readonly steps: readonly Step[];
}

/** The inputs each action has, as its own action.yml lists them; those that a workflow of ours gives. */
const INPUTS: Readonly<Record<string, readonly string[]>> = {
  "actions/checkout": ["persist-credentials"],
  "actions/setup-node": ["node-version"],
  "docker/setup-qemu-action": [],
  "docker/setup-buildx-action": [],
  "docker/login-action": ["registry", "username", "password"],
  "docker/build-push-action": [
    ...["context", "file", "target", "platforms", "cache-from", "cache-to", "outputs", "load", "tags"],
    ...["provenance", "sbom"],
  ],
  "anchore/sbom-action": ["image", "format", "output-file", "artifact-name"],
  "anchore/scan-action": ["sbom", "fail-build", "severity-cutoff", "only-fixed", "output-format"],
  "sigstore/cosign-installer": [],
};
const JOB_KEYS = ["runs-on", "timeout-minutes", "permissions", "needs", "strategy", "env", "steps"];
const STEP_KEYS = ["name", "id", "if", "uses", "with", "env", "run"];
const PERMISSIONS = ["contents", "packages", "id-token"];

interface GitLabJob {
  readonly stage?: string;
  readonly extends?: string;
  readonly needs?: readonly string[];
  readonly script?: readonly string[];
  readonly before_script?: readonly string[];
  readonly variables?: object;
}

const GLOBAL = ["stages", "workflow", "variables"];
const KEYWORDS = [
  ...["stage", "extends", "needs", "script", "before_script", "variables", "image", "services", "artifacts", "rules"],
  "id_tokens",
];

for (const [name, project] of Object.entries(PROJECTS)) {
  describe(`GitHub Actions, ${name}`, () => {
    const text = githubWorkflow(project);
    const workflow = parse(text) as Workflow;
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

    test("has the shape GitHub's schema asks for", () => {
      assert.deepEqual(Object.keys(workflow), ["name", "on", "permissions", "concurrency", "jobs"]);
      assert.deepEqual(Object.keys(workflow.on), ["push", "pull_request"]);
      assert.deepEqual(workflow.permissions, {});
      for (const job of Object.values(workflow.jobs)) {
        for (const key of Object.keys(job)) assert.ok(JOB_KEYS.includes(key), key);
        for (const key of Object.keys(job.permissions)) assert.ok(PERMISSIONS.includes(key), key);
        if (job.needs !== undefined) assert.ok(job.needs in workflow.jobs);
      }
      for (const step of steps) {
        for (const key of Object.keys(step)) assert.ok(STEP_KEYS.includes(key), key);
        assert.notEqual(
          step.uses === undefined,
          step.run === undefined,
          "a step either uses an action or runs a script",
        );
      }
    });

    test("every action is a placeholder, said to be one, and is given inputs it has", () => {
      assert.match(text, /TO BE RESOLVED/);
      for (const { uses, with: inputs = {} } of steps) {
        if (uses === undefined) continue;
        const action = ALL_ACTIONS.find(({ repository }) => uses.startsWith(`${repository}@`));
        assert.ok(action, uses);
        assert.equal(uses, `${action.repository}@${placeholder(action)}`);
        for (const input of Object.keys(inputs))
          assert.ok(INPUTS[action.repository]?.includes(input), `${uses}: ${input}`);
      }
      assert.doesNotMatch(text, /\b[0-9a-f]{40}\b/);
    });

    test("names are values of the matrix and reach no script", () => {
      const values = workflow.jobs["image"]?.strategy?.matrix.include ?? [];
      const literal = (value = ""): string => value.replaceAll("${{ '${{' }}", "${{");
      assert.deepEqual(
        values.map(({ file, context, target, repository }) => ({
          ...{
            file: literal(file),
            context: literal(context),
            target: literal(target),
            repository: literal(repository),
          },
        })),
        project.images.map(({ dockerfile, context, target = "", repository }) => ({
          ...{ file: dockerfile, context, target, repository },
        })),
      );
      for (const { run: script = "" } of steps) assert.doesNotMatch(script, /\$\{\{/);
    });

    test("a pull request pushes nothing; nothing is tagged before it is scanned and signed", () => {
      const order = steps.map((step) => step.name ?? step.uses ?? "");
      const at = (wanted: string): number => order.findIndex((each) => each === wanted);
      assert.ok(at("Build and push by digest") < at("Make the SBOM"));
      assert.ok(at("Make the SBOM") < at("Scan"));
      assert.ok(at("Scan") < at("Sign and attach the SBOM"));
      assert.ok(at("Sign and attach the SBOM") < at("Tag"));
      for (const step of steps) {
        const pushes = /push=true|cosign sign|imagetools create|login-action/.test(JSON.stringify(step));
        if (pushes) assert.equal(step.if, "github.event_name != 'pull_request'", JSON.stringify(step));
      }
    });

    test("a shell can read the scripts", async () => {
      for (const { run: script } of steps) if (script !== undefined) await readable(script);
    });
  });

  describe(`GitLab CI, ${name}`, () => {
    const text = gitlabPipeline(project);
    const pipeline = parse(text) as Readonly<Record<string, GitLabJob>>;
    const jobs = Object.entries(pipeline).filter(([key]) => !GLOBAL.includes(key));

    test("has the shape GitLab's schema asks for", () => {
      const stages = (pipeline as { readonly stages?: readonly string[] }).stages ?? [];
      for (const [key, job] of jobs) {
        for (const keyword of Object.keys(job)) assert.ok(KEYWORDS.includes(keyword), `${key}: ${keyword}`);
        if (job.extends !== undefined) assert.ok(job.extends in pipeline);
        if (job.stage !== undefined) assert.ok(stages.includes(job.stage));
        for (const needed of job.needs ?? []) assert.ok(needed in pipeline, `${key} needs ${needed}`);
        for (const line of job.script ?? []) assert.equal(typeof line, "string");
        if (!key.startsWith(".")) assert.ok(job.script ?? job.extends, key);
      }
    });

    test("each image is built, scanned, signed and published, in this order", () => {
      for (const { name: image, dockerfile, context, target = "", repository } of project.images) {
        const dollars = (text: string): string => text.replaceAll("$", "$$$$");
        assert.deepEqual(pipeline[`build ${image}`]?.variables, {
          REPOSITORY: repository,
          DOCKERFILE: dollars(dockerfile),
          CONTEXT: context,
          TARGET: target,
        });
        assert.deepEqual(pipeline[`scan ${image}`]?.needs, [`build ${image}`]);
        assert.deepEqual(pipeline[`sign ${image}`]?.needs, [`build ${image}`, `scan ${image}`]);
        assert.deepEqual(pipeline[`publish ${image}`]?.needs, [`build ${image}`, `sign ${image}`]);
      }
    });

    test("a shell can read the scripts", async () => {
      for (const [, job] of jobs)
        for (const line of [...(job.before_script ?? []), ...(job.script ?? [])]) await readable(line);
    });
  });
}

test("the sed of GitLab's build finds the digest in what buildx writes", async () => {
  const sed = /sed -n '([^']+)'/.exec(gitlabPipeline(PLAIN))?.[1] ?? "";
  const metadata = `{\n  "buildx.build.ref": "x",\n  "containerimage.digest": "sha256:${"a".repeat(64)}",\n  "image.name": "x"\n}\n`;
  const { stdout } = await mustRun("sed", ["-n", sed], { input: metadata });
  assert.equal(stdout, `DIGEST=sha256:${"a".repeat(64)}\n`);
});

test("comments are read without scrolling", () => {
  for (const text of [githubWorkflow(PLAIN), gitlabPipeline(PLAIN)]) {
    const comments = text.split("\n").filter((line) => line.trim().startsWith("#"));
    assert.ok(comments.length > 4);
    for (const line of comments) assert.ok(line.length <= 80, line);
  }
});

test("severities and registries", () => {
  assert.equal(fromSeverity("medium"), "CRITICAL,HIGH,MEDIUM");
  assert.equal(registryOf("team/app"), "docker.io");
  assert.equal(registryOf("localhost/app"), "localhost");
  assert.equal(registryOf("ghcr.io/team/app"), "ghcr.io");
});

test("an image for each way a compose service builds a file, and for each file no service builds", () => {
  const files = [
    { dockerfile: "Dockerfile", services: [] },
    {
      dockerfile: "api/Dockerfile",
      services: [
        { service: "api", context: "." },
        { service: "worker", context: ".", target: "worker" },
        { service: "again", context: "." },
      ],
    },
    { dockerfile: "api/Dockerfile.debug", services: [] },
    { dockerfile: "tools/api.dockerfile", services: [{ service: "API" }] },
  ];
  assert.deepEqual(
    imagesOf(files, "ghcr.io/team/app", "My Project").map(({ name, repository, dockerfile, context, target }) =>
      [name, repository, dockerfile, context, target].join(" "),
    ),
    [
      "my-project ghcr.io/team/app/my-project Dockerfile . ",
      "api ghcr.io/team/app/api api/Dockerfile . ",
      "worker ghcr.io/team/app/worker api/Dockerfile . worker",
      "api-debug ghcr.io/team/app/api-debug api/Dockerfile.debug api ",
      "api-2 ghcr.io/team/app/api-2 tools/api.dockerfile tools ",
    ],
  );
  assert.equal(imagesOf(files.slice(0, 1), "ghcr.io/team/app", "x")[0]?.repository, "ghcr.io/team/app");
});

test("where images are published follows from the remote, whose login stays out of it", () => {
  for (const [url, provider, wanted] of [
    ["git@github.com:Team/App.git\n", "github", "ghcr.io/team/app"],
    ["https://user:token@github.com/team/app", "github", "ghcr.io/team/app"],
    ["ssh://git@gitlab.com:22/group/sub/app.git", "gitlab", "registry.gitlab.com/group/sub/app"],
    ["https://gitlab.example.com/team/app.git", "gitlab", "registry.gitlab.example.com/team/app"],
    ["", "github", "ghcr.io/owner/my-folder"],
  ] as const) {
    const repository = repositoryFor(remoteOf(url), "My Folder", provider);
    assert.equal(repository, wanted);
    assert.ok(imageName(repository));
  }
  for (const none of ["", "Team/App", "ghcr.io/team/app:1", "ghcr.io//app", "-x", "a b", "https://ghcr.io/a"])
    assert.ok(!imageName(none), none);
});

describe("resolving placeholders", () => {
  test("a real git tells the commit of a plain and of an annotated tag", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dockwright-ci-"));
    try {
      const repository = join(folder, "owner", "name");
      const git = (...args: readonly string[]) =>
        mustRun("git", ["-c", "user.name=n", "-c", "user.email=e@e", "-c", "init.defaultBranch=main", ...args], {
          cwd: folder,
        });
      await git("init", "--quiet", repository);
      await git("-C", repository, "commit", "--quiet", "--allow-empty", "-m", "one");
      await git("-C", repository, "tag", "v1");
      await git("-C", repository, "tag", "-a", "-m", "two", "v2");
      const commit = (await git("-C", repository, "rev-parse", "HEAD")).stdout.trim();
      for (const release of ["v1", "v2"]) {
        const action = { repository: "owner/name", release };
        const { command, args, env = {} } = askCommit(action, `file://${folder}`);
        const outcome = { ...(await run(command, args, { env })), truncated: false, missing: false };
        assert.equal(commitIn(outcome, action), commit, release);
      }
      const gone = { repository: "owner/name", release: "v3" };
      const { command, args } = askCommit(gone, `file://${folder}`);
      const outcome = { ...(await run(command, args)), truncated: false, missing: false };
      assert.equal(commitIn(outcome, gone), undefined);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("a commit that is known stands with its release beside it, and the note goes with the last placeholder", () => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const some = githubWorkflow(PLAIN, new Map([[ACTIONS.checkout.repository, commit]]));
    assert.match(some, new RegExp(`uses: actions/checkout@${commit} # v5`));
    assert.match(some, /TO BE RESOLVED/);
    const all = githubWorkflow(PLAIN, new Map(ALL_ACTIONS.map(({ repository }) => [repository, commit])));
    assert.doesNotMatch(all, /TO BE RESOLVED|COMMIT-OF/);
  });
});

async function readable(script: string): Promise<void> {
  const { code, stderr } = await run("sh", ["-n"], { input: script });
  assert.equal(code, 0, `${script}\n${stderr}`);
}

test("the gate: the severity, and only what has a fix where that is wanted", () => {
  assert.match(githubWorkflow(HOSTILE), /severity-cutoff: medium\n +only-fixed: true\n/);
  assert.match(
    gitlabPipeline(HOSTILE),
    /trivy sbom --severity CRITICAL,HIGH,MEDIUM --ignore-unfixed --exit-code 1 -- /,
  );
  for (const text of [githubWorkflow(PLAIN), gitlabPipeline(PLAIN)])
    assert.doesNotMatch(text, /only-fixed|ignore-unfixed/);
});
