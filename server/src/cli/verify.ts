/** `dockwright refactor --verify`: builds and runs two Dockerfiles and shows in a table whether they behave the same. */
import { dirname, resolve } from "node:path";
import type { Subject } from "../core/verify/rows.ts";
import { tableLines } from "../core/verify/table.ts";
import type { DockerfileText, Engine, Verification, VerifyOptions } from "../effects/verify/verify.ts";
import type { Args, Option } from "./args.ts";
import { type Colors, colors, wantsColor } from "./colors.ts";
import { complain, complainAboutFile } from "./complain.ts";
import { EXIT, type Io, type Sink, UsageError } from "./io.ts";
import { printable } from "./printable.ts";
import { readSource, type Source } from "./sources.ts";

export const VERIFY_OPTIONS: readonly Option[] = [
  {
    name: "verify",
    help: "build and run two Dockerfiles, ORIGINAL and RESULT, and compare; with multi-stage: write only what behaves the same",
  },
  { name: "env", value: "NAME=VALUE", help: "with --verify: a variable for both containers" },
  { name: "build-arg", value: "NAME=VALUE", help: "with --verify: a build argument for both" },
  { name: "path", value: "PATH", help: "with --verify: also ask for this path, as in --path /api/items" },
  { name: "port", value: "PORT", help: "with --verify: ask this port; by default those the images expose" },
  { name: "network", value: "NETWORK", help: "with --verify: host, none, or a network there is" },
  {
    name: "engine",
    value: "ENGINE",
    choices: ["docker", "podman"],
    help: "with --verify: docker or podman; by default the one that runs",
  },
];

export const VERIFY_DETAILS = `With --verify both are built on the same context and run one after the other, each with ports on the loopback address
only; what was built is removed at the end. Exit code then: 0 they behave the same, 1 they differ, 2 nothing can be
said: the original does not build, or does not answer.`;

/** `refactor --verify ORIGINAL RESULT`. Gives the exit code. @throws UsageError */
export async function verifyFiles(args: Args, io: Io): Promise<number> {
  const [original, result, ...more] = args.positionals;
  if (original === undefined || result === undefined || more.length > 0)
    throw new UsageError(
      "--verify needs two files: dockwright refactor --verify Dockerfile.before Dockerfile; or a kind that rewrites Dockerfiles",
    );
  const texts: DockerfileText[] = [];
  for (const name of [original, result]) {
    const source = await readSource({ name, file: resolve(io.cwd, name) }, io);
    if (!("text" in source)) {
      complainAboutFile(io, source);
      return EXIT.trouble;
    }
    texts.push({ text: source.text, path: resolve(io.cwd, name) });
  }
  const [before, after] = texts;
  if (!before || !after) return EXIT.trouble;
  const context = args.value("context") ?? dirname(resolve(io.cwd, original));
  const verification = await verify({ before, after, context: resolve(io.cwd, context), declared: [] }, args, io);
  if (args.has("json")) io.stdout.write(`${JSON.stringify(plain(verification), undefined, 2)}\n`);
  else tell(verification, io.stdout, colors(wantsColor(args, io)));
  return exitOf(verification);
}

/**
 * A conversion before it is written: shows the table, and says that nothing is written unless it behaves the same. How it is started,
 * and in which folder, is what a conversion may change: it says so in its decisions. @throws UsageError
 */
export async function verifyConversion(
  { name, path, place, text }: Source,
  result: string,
  args: Args,
  io: Io,
): Promise<Omit<Verification, "facts">> {
  const given = args.value("context");
  const folder = typeof place === "object" ? place.context : (place ?? io.cwd);
  const context = given === undefined ? folder : resolve(io.cwd, given);
  const both = { before: { text, path }, after: { text: result }, context, declared: ["command", "folder"] as const };
  const verification = await verify(both, args, io);
  // What a program reads is on stdout then.
  const readElsewhere = args.has("json") || args.has("diff") || path === undefined;
  tell(verification, readElsewhere ? io.stderr : io.stdout, colors(!readElsewhere && wantsColor(args, io)));
  if (verification.outcome !== "same") complain(io, `${name} is left as it is`);
  return plain(verification);
}

interface Both {
  readonly before: DockerfileText;
  readonly after: DockerfileText;
  /** Absolute. */
  readonly context: string;
  readonly declared: readonly Subject[];
}

/** Says on stderr what it is doing. @throws UsageError, or the signal's reason */
export async function verify({ before, after, context, declared }: Both, args: Args, io: Io): Promise<Verification> {
  const options = { ...optionsIn(args, io), declared: new Set(declared) };
  const { findEngine, Trouble, verifyRefactoring } = await import("../effects/verify/verify.ts");
  const names = args.value("engine") === undefined ? NAMES : NAMES.filter((name) => name === args.value("engine"));
  try {
    return await verifyRefactoring({
      engine: await findEngine(
        names.map((name): Engine => ({ name, env: io.env })),
        io.signal,
      ),
      ...{ context, original: before, result: after, options, signal: io.signal },
      onProgress: (message) => io.stderr.write(`dockwright: ${message}\n`),
    });
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    return { outcome: "unverifiable", why: error.message, rows: [], said: error.said, facts: {} };
  }
}

const NAMES = ["docker", "podman"] as const;

export const exitOf = ({ outcome }: Pick<Verification, "outcome">): number =>
  outcome === "same" ? EXIT.clean : outcome === "differs" ? EXIT.findings : EXIT.trouble;

/** For programs: what a table says, without the bodies of answers. */
export const plain = ({ outcome, why, rows, said }: Verification): Omit<Verification, "facts"> => ({
  outcome,
  ...(why !== undefined && { why }),
  rows,
  said,
});

const SENTENCES = {
  same: "They behave the same",
  differs: "They differ",
  unverifiable: "Nothing can be said",
} as const;

/** For people. */
export function tell({ outcome, why, rows, said }: Verification, sink: Sink, color: Colors): void {
  const PAINT = { same: color.dim, expected: String, "not compared": color.yellow, different: color.red } as const;
  const paint = { same: color.green, differs: color.red, unverifiable: color.yellow }[outcome];
  const lines = [
    ...(rows.length > 0 ? tableLines(rows).map(({ verdict, text }) => PAINT[verdict](printable(text))) : []),
    ...(outcome === "same" ? [] : said.map((line) => color.dim(`  | ${printable(line)}`))),
    paint(why === undefined ? SENTENCES[outcome] : `${SENTENCES[outcome]}: ${printable(why)}`),
  ];
  sink.write(`${lines.join("\n")}\n`);
}

/** @throws UsageError */
function optionsIn(args: Args, io: Io): VerifyOptions {
  const network = args.value("network");
  const ports = args.list("port").map((port) => {
    if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535)
      throw new UsageError(`--port cannot be ${port}; it is a number, as in --port 8080`);
    return Number(port);
  });
  const paths = args.values("path");
  const wrong = paths.find((path) => !/^\/[\x21-\x7e]*$/.test(path));
  if (wrong !== undefined) throw new UsageError(`--path cannot be ${wrong}; it begins with a slash and has no blanks`);
  return {
    ...{ environment: pairsIn(args, "env", io.env), buildArgs: pairsIn(args, "build-arg", io.env), paths },
    ...(ports.length > 0 && { ports }),
    ...(network !== undefined && { network }),
  };
}

/** `NAME=VALUE`; `NAME` alone has the value it has here, as engines read it. @throws UsageError */
function pairsIn(args: Args, option: string, env: Io["env"]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    args.values(option).flatMap((given) => {
      const at = given.indexOf("=");
      const name = at === -1 ? given : given.slice(0, at);
      if (!/^[^\s=#]+$/.test(name) || /[\r\n]/.test(given))
        throw new UsageError(`--${option} cannot be ${given}; write --${option} NAME=VALUE, on one line`);
      const value = at === -1 ? env[name] : given.slice(at + 1);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
