/** One project: its Dockerfile and the converted one built, run and compared, built again after a change, and looked into. */
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunFacts } from "../../server/src/core/verify/facts.ts";
import { type Verification, verifyRefactoring } from "../../server/src/effects/verify/verify.ts";
import { CACHES, COMPILERS, filesIn } from "./contents.ts";
import { convertedIn, originalIn, PROJECTS_FOLDER } from "./convert.ts";
import { build, type Place } from "./place.ts";
import type { Project } from "./projects.ts";
import { rebuilds, repeated } from "./rebuild.ts";

/** A line of the table. */
export interface Measured {
  readonly bytes: { readonly before: number; readonly after: number };
  /** Seconds. */
  readonly rebuild: { readonly before: number; readonly after: number };
  readonly user: string;
  readonly health: string;
}

export interface Outcome {
  readonly name: string;
  readonly label: string;
  /** What was checked; a reason where it does not hold. */
  readonly checks: readonly { readonly what: string; readonly wrong?: string }[];
  /** Undefined where it came to no figures. */
  readonly measured?: Measured;
}

export async function measure(place: Place, project: Project): Promise<Outcome> {
  const { docker, root, buildArgs } = place;
  const { name, label } = project;
  const checks: { what: string; wrong?: string }[] = [];
  const check = (what: string, wrong: string | undefined): void =>
    void checks.push({ what: `${name}: ${what}`, ...(wrong !== undefined && { wrong }) });
  const context = join(root, name);
  await cp(join(PROJECTS_FOLDER, name), context, { recursive: true });
  const before = originalIn(context);
  const made = convertedIn(context);
  if (made.outcome !== "converted") {
    check("is converted", `${made.outcome}: ${made.reason}`);
    return { name, label, checks };
  }
  check("is converted", undefined);
  const again = convertedIn(context, made.text);
  check("is not converted twice", again.outcome === "converted" ? again.text : undefined);

  const env = Object.fromEntries(
    Object.entries({ ...process.env, ...docker.env }).filter(([, value]) => value !== undefined),
  );
  const verification = await verifyRefactoring({
    engine: { name: "docker", env },
    context,
    original: { text: before, path: join(context, "Dockerfile") },
    result: { text: made.text },
    options: {
      buildArgs,
      paths: project.paths ?? [],
      // As the editor and the command line verify a conversion.
      declared: new Set(["command", ...(project.declared ?? [])]),
    },
  });
  check("behaves the same", verification.outcome === "same" ? undefined : account(verification, made.text));
  const { before: old, after } = verification.facts;
  if (!old || !after) return { name, label, checks };
  const bytes = { before: old.image.bytes ?? 0, after: after.image.bytes ?? 0 };
  check("is smaller", bytes.after > 0 && bytes.after < bytes.before ? undefined : `${bytes.before} → ${bytes.after}`);
  check(
    "answers / and not everything",
    after.run.answers.some((answer) => answer.path === "/" && "status" in answer && answer.status === 200)
      ? undefined
      : JSON.stringify(after.run.answers),
  );
  check("gives the same pages", otherPages(old.run, after.run));
  check(`runs as ${project.user}`, equal(after.run.users, [project.user]));
  check(`health is ${project.health}`, equal(after.run.health, project.health));

  const file = join(root, `${name}.Dockerfile`);
  await writeFile(file, made.text);
  const tag = `matrix/${name}`;
  await build(place, file, context, "--tag", tag);
  const inside = await filesIn(place, tag);
  const said = (pattern: RegExp): string | undefined =>
    inside
      .filter((path) => pattern.test(path))
      .slice(0, 5)
      .join(" ") || undefined;
  check("has no compiler", said(COMPILERS));
  check("has no package manager's cache", said(CACHES));

  const rebuilt = await rebuilds(place, context, file, project);
  if (project.kept) check("a change of the source keeps the dependencies", repeated(rebuilt.steps, project.kept));
  const rebuild = { before: rebuilt.before, after: rebuilt.after };
  return {
    name,
    label,
    checks,
    measured: { bytes, rebuild, user: after.run.users.join(", "), health: after.run.health },
  };
}

/** Whatever the comparison lets pass. */
function otherPages(before: RunFacts, after: RunFacts): string | undefined {
  const page = (answer: RunFacts["answers"][number] | undefined): string =>
    answer && "status" in answer ? `${answer.status} ${answer.body}` : "no answer";
  const other = before.answers.filter(
    (answer) => page(answer) !== page(after.answers.find(({ path }) => path === answer.path)),
  );
  return other.length === 0 ? undefined : other.map(({ path }) => path).join(" ");
}

const equal = (is: unknown, expected: unknown): string | undefined =>
  JSON.stringify(is) === JSON.stringify(expected) ? undefined : `it is ${JSON.stringify(is)}`;

function account({ why, rows, said }: Verification, text: string): string {
  const different = rows.filter(({ verdict }) => verdict === "different").map((row) => JSON.stringify(row));
  return [why ?? "", ...different, ...said, text].join("\n");
}
