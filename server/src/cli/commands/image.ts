/** `dockwright image`: which line of a Dockerfile costs what in the image built from it, what is wasted, and whether it is within its budget. */
import { resolve } from "node:path";
import { budgetOf, type BudgetWish, type Excess, overBudget } from "../../core/image/budget.ts";
import { BYTES, SHARE } from "../../core/text/bytes.ts";
import type { Args, Option } from "../args.ts";
import { createChooser } from "../choose-rules.ts";
import { colors, wantsColor } from "../colors.ts";
import { complain, complainAboutFile } from "../complain.ts";
import { FROM } from "../image/choose-source.ts";
import type { Account } from "../image/account.ts";
import { EXIT, type Io, UsageError } from "../io.ts";
import { COLOR, CONFIG, HELP, REGISTRIES } from "../options.ts";
import type { Parts } from "../parts.ts";
import type { Command } from "./command.ts";

const LIMITS: readonly (readonly [key: keyof BudgetWish, option: Option, pattern: RegExp])[] = [
  [
    "size",
    { name: "max-size", value: "SIZE", help: "the image may have that many bytes: 200MB, 64MiB" },
    new RegExp(`^(?:${BYTES})$`),
  ],
  [
    "wasted",
    { name: "max-wasted", value: "SHARE", help: "so much of it may be stored and not visible: 5%, 20MB" },
    new RegExp(`^(?:${SHARE}|${BYTES})$`),
  ],
  [
    "growth",
    {
      name: "max-growth",
      value: "SIZE",
      help: "a layer may have so many bytes more than in the image --against names",
    },
    new RegExp(`^(?:${BYTES})$`),
  ],
];

export const image: Command = {
  name: "image",
  summary: "show what each line costs in an image, and hold it to a budget",
  usage: "[options] <image>",
  details: `An image is a name that an engine or a registry knows, an archive as docker save, podman save and --output type=oci
write it, or an OCI layout. From a registry only the layers are read that are not known yet; with --outline none. Of
an image of a registry it also says which platforms there are, and whether a signature, an SBOM and provenance are there: that they
are there, not that they hold.

A budget is in .dockwright.yaml (budget: size, wasted, growth) or in --max-size, --max-wasted and --max-growth.

Exit code: 0 all is well, 1 the image is over its budget or breaks a rule of --dive-ci, 2 wrong usage, or an image
that could not be read.`,
  options: [
    {
      name: "file",
      value: "DOCKERFILE",
      help: "the Dockerfile it was built from: layers get its lines, and the rules that help",
    },
    { name: "target", value: "STAGE", help: "the stage it was built from; the last by default" },
    { name: "budget", help: "hold the image to the budget of the configuration file" },
    ...LIMITS.map(([, option]) => option),
    { name: "dive-ci", value: "FILE", help: "hold the image to the rules of a .dive-ci file, by dive's numbers" },
    { name: "against", value: "IMAGE", help: "show what became of that image in this one" },
    { name: "outline", help: "read no files: sizes and history only" },
    FROM,
    { name: "platform", value: "PLATFORM", help: "linux/arm64; the first image of an archive by default" },
    { name: "offline", help: "ask no registry; with --from registry: take what it said before" },
    ...REGISTRIES,
    {
      name: "format",
      short: "f",
      value: "FORMAT",
      choices: ["table", "json", "html", "dive"],
      help: "table (default), json, html (one page with a picture) or dive (the JSON of dive)",
    },
    { name: "output", short: "o", value: "FILE", help: "write there instead of to standard output" },
    ...CONFIG,
    COLOR,
    HELP,
  ],
  async run(args, io, parts) {
    const [name, ...others] = args.positionals;
    if (name === undefined || others.length > 0) throw new UsageError("name one image: dockwright image shop:1.2");
    const budget = await budgetFor(args, io, parts);
    const { accountFor } = await import("../image/read.ts");
    const { EngineError } = await import("../../effects/image/engine-error.ts");
    const { ImageError } = await import("../../effects/image/error.ts");
    const { RegistryError } = await import("../../effects/registry/errors.ts");
    try {
      const told = await accountFor(name, args, io, parts);
      if ("failure" in told) {
        complainAboutFile(io, told.failure);
        return EXIT.trouble;
      }
      const account: Account = {
        ...told.account,
        ...(budget && { overBudget: judged(told.account, budget, io) }),
      };
      if (!(await written(await rendered(account, told.dive, args, io), args, io))) return EXIT.trouble;
      const fails = (account.overBudget ?? []).length > 0 || (account.dive ?? []).some(({ ok }) => !ok);
      return fails ? EXIT.findings : EXIT.clean;
    } catch (error) {
      if (!(error instanceof ImageError || error instanceof EngineError || error instanceof RegistryError)) throw error;
      complain(io, error.message);
      return EXIT.trouble;
    }
  },
};

/** Undefined where nobody asked for one. */
async function budgetFor(args: Args, io: Io, { rules }: Parts): Promise<BudgetWish | undefined> {
  const given = Object.fromEntries(
    LIMITS.flatMap(([key, { name }, pattern]) => {
      const value = args.value(name);
      if (value === undefined) return [];
      if (!pattern.test(value)) throw new UsageError(`--${name} cannot be ${value}; it is as in --${name} 20MB`);
      return [[key, value] as const];
    }),
  );
  if (!args.has("budget")) return Object.keys(given).length > 0 ? given : undefined;
  const { resolved } = await createChooser(args, rules, io)(resolve(io.cwd, args.value("file") ?? "Dockerfile"));
  const budget = { ...resolved.budget, ...given };
  if (Object.keys(budget).length === 0)
    throw new UsageError(
      "--budget finds no budget; write one into .dockwright.yaml, as in budget: {size: 200 MB}, or give --max-size",
    );
  return budget;
}

function judged({ layers, sizeMeaning, against }: Account, wish: BudgetWish, io: Io): readonly Excess[] {
  if (sizeMeaning === "compressed" && wish.size !== undefined)
    throw new UsageError(
      "an outline from a registry has compressed sizes alone; leave --outline out to judge the size",
    );
  if (wish.wasted !== undefined && layers.some(({ wastedBytes }) => wastedBytes === undefined))
    throw new UsageError("an outline does not say what is wasted; leave --outline out to judge it");
  if (wish.growth !== undefined && !against) complain(io, "growth is not judged: name the image before with --against");
  const grown = new Map((against?.changes.layers ?? []).map(({ b, bytesA, bytesB }) => [b, bytesB - bytesA]));
  const measured = layers.map(({ layer, bytes, wastedBytes, ofBase }) => ({
    bytes,
    wastedBytes,
    grewBy: grown.get(layer),
    ofBase,
  }));
  const { size, ...budget } = budgetOf(wish);
  return overBudget(
    { layers: measured },
    sizeMeaning === "compressed" || size === undefined ? budget : { ...budget, size },
  );
}

async function rendered(account: Account, dive: () => string, args: Args, io: Io): Promise<string> {
  const format = args.value("format") ?? "table";
  if (format === "dive") return dive();
  if (format === "json") return `${JSON.stringify(account, undefined, 2)}\n`;
  if (format === "html") return (await import("../image/html.ts")).htmlPage(account);
  const { tableText } = await import("../image/table.ts");
  return tableText(account, colors(wantsColor(args, io)));
}

async function written(text: string, args: Args, io: Io): Promise<boolean> {
  const output = args.value("output");
  if (output === undefined) {
    io.stdout.write(text);
    return true;
  }
  const { writeFile } = await import("node:fs/promises");
  const { failureOf } = await import("../../effects/files/failure.ts");
  try {
    await writeFile(resolve(io.cwd, output), text);
    return true;
  } catch (error) {
    complainAboutFile(io, failureOf(output, error));
    return false;
  }
}
