/**
 * Containerizes projects, builds their images and runs what compose.yaml says of them. A program of its own, in a network namespace of
 * its own (run.ts starts it so). Prints a line of JSON for each project.
 */
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunResult } from "../../../scripts/process.ts";
import { containerize } from "../../../server/src/effects/containerize.ts";
import { proxyArgs } from "../../matrix/bases.ts";
import { type Engine, withEngine } from "../../matrix/engine.ts";
import type { Given } from "../../matrix/namespace.ts";
import { BUILT, type Built } from "./projects.ts";

export interface Outcome {
  readonly name: string;
  /** Undefined where all is as it should be. */
  readonly wrong?: string;
}

/** Images of which there is one like it: what is served and who serves it is the same. */
const STANDS_FOR: Readonly<Record<string, string>> = {
  "nginxinc/nginx-unprivileged:1.28-alpine": "nginxinc/nginx-unprivileged:stable-alpine",
};
const TOP = join(import.meta.dirname, "../../..");
const MINUTES = 60_000;
const TRIES = 100;
/** The daemon of the tests has no docker-init: what stands in compose.yaml beside it counts. */
const WITHOUT_INIT = (service: string): string => `services:\n  ${service}:\n    init: false\n`;

await withEngine(JSON.parse(process.argv[2] ?? "{}") as Given, buildAll);

async function buildAll({ docker, root, port }: Engine): Promise<void> {
  for (const [at, built] of BUILT.entries()) {
    const wrong = await build({ docker, port }, join(root, `project-${at}`), built).catch((error: unknown) =>
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
    console.log(JSON.stringify({ name: built.name, ...(wrong !== undefined && { wrong }) } satisfies Outcome));
  }
}

/** What is wrong; undefined when nothing is. */
async function build(
  { docker, port: proxy }: Omit<Engine, "root">,
  project: string,
  built: Built,
): Promise<string | undefined> {
  await cp(join(TOP, built.folder), project, { recursive: true });
  if (built.adapted) {
    const { file, text, by } = built.adapted;
    const before = await readFile(join(project, file), "utf8");
    if (!before.includes(text)) return `${file} has no ${text}`;
    await writeFile(join(project, file), before.replace(text, by));
  }
  // The person's own is another test's.
  await rm(join(project, "Dockerfile"), { force: true });
  const { plan } = await containerize(project, {
    folder: built.app,
    choices: new Map(Object.entries(built.choices ?? {})),
    kinds: ["Dockerfile", ".dockerignore", "compose.yaml"],
    version: "1.2.3",
    signal: AbortSignal.timeout(MINUTES),
  });
  if (plan.outcome === "refused") return `refused: ${plan.refusal}`;
  for (const { path, text } of plan.files) await writeFile(join(project, path), text);
  const context = join(project, plan.folder);
  const compose = plan.files.find(({ kind }) => kind === "compose.yaml");
  const dockerfile = plan.files.find(({ kind }) => kind === "Dockerfile");
  const service = /^services:\n {2}([a-z\d-]+):/.exec(compose?.text ?? "")?.[1];
  if (!compose || !dockerfile || service === undefined) return "there is no compose.yaml or no Dockerfile";
  // The line makes BuildKit fetch another one of itself, which is not here.
  const file = join(project, "..", "Dockerfile.read");
  await writeFile(file, dockerfile.text.replace(/^# syntax=.*\n/, ""));
  await rename(context, file);
  const name = `generated-${service}`;
  const contexts = Object.entries(STANDS_FOR).map(
    ([image, other]) => `--build-context=${image}=docker-image://docker.io/${other}`,
  );
  const args = Object.entries(proxyArgs(proxy)).map(([key, value]) => `--build-arg=${key}=${value}`);
  const image = `${name}-${service}:latest`;
  const made = await docker.docker(
    ["buildx", "build", "--provenance=false", "--file", file, "--tag", image, ...args, ...contexts, context],
    { timeoutMs: 10 * MINUTES },
  );
  if (made.code !== 0) return `it does not build\n${made.stderr.slice(-4_000)}\n${dockerfile.text}`;
  const override = join(project, "..", "override.yaml");
  await writeFile(override, WITHOUT_INIT(service));
  const files = ["--file", join(project, compose.path), "--file", override];
  const composed = (...args: readonly string[]): Promise<RunResult> =>
    docker.docker(["compose", "--project-name", name, ...files, ...args], {
      timeoutMs: 5 * MINUTES,
    });
  try {
    const up = await composed(
      "up",
      "--no-build",
      "--detach",
      ...(built.health === false ? [] : ["--wait", "--wait-timeout", "90"]),
    );
    if (up.code !== 0)
      return `it does not come up\n${up.stderr.slice(-2_000)}\n${(await docker.docker(["inspect", "--format", "{{json .State.Health}}", `${name}-${service}-1`])).stdout}\n${(await composed("logs", "--no-color")).stdout.slice(-2_000)}\n${dockerfile.text}`;
    const port = /127\.0\.0\.1:(\d+):/.exec(compose.text)?.[1];
    const answer = await answered(`http://127.0.0.1:${port}${built.path}`);
    if (!built.answer.test(answer))
      return `${built.path} answers ${answer}\n${(await composed("logs", "--no-color")).stdout.slice(-2_000)}`;
    const [config] = JSON.parse((await docker.docker(["image", "inspect", image])).stdout) as readonly {
      readonly Config: { readonly User: string };
    }[];
    if (config?.Config.User !== built.user) return `it runs as ${config?.Config.User}`;
    const sent = (await composed("ps", "--format", "json")).stdout;
    if (built.health !== false && !/"Health":\s*"healthy"/.test(sent)) return `its health: ${sent}`;
    return undefined;
  } finally {
    await composed("down", "--volumes", "--timeout", "2");
  }
}

/** BuildKit looks for the ignore file beside the Dockerfile first: it is the context's that counts. */
async function rename(context: string, file: string): Promise<void> {
  await writeFile(`${file}.dockerignore`, await readFile(join(context, ".dockerignore"), "utf8"));
}

/** The body, whatever the status; the container may need a moment. */
async function answered(address: string): Promise<string> {
  for (let left = TRIES; ; left--) {
    try {
      const response = await fetch(address, { signal: AbortSignal.timeout(5_000) });
      return `${response.status} ${await response.text()}`;
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
