/** Texts that are hard to read: what our model says of them, and what BuildKit made of them. */
import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import type { Dockerfile, Heredoc, Instruction } from "../../server/src/core/model/dockerfile/model.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { unquote } from "../../server/src/core/model/dockerfile/words.ts";
import { buildKitChecks } from "./buildkit-check.ts";
import type { Machine } from "./machine.ts";

/** What both can be asked for, of an image of one stage. */
interface Reading {
  readonly cmd: readonly string[];
  readonly entrypoint: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly env: readonly string[];
  readonly onBuild: readonly string[];
  /** By name. Each heredoc of these texts ends in the file that has its name. */
  readonly files: Readonly<Record<string, string>>;
}

interface Refusal {
  readonly refused: string;
}

const scratch = (...lines: readonly string[]): string => `FROM scratch\n${lines.join("\n")}\n`;
const alpine = (...lines: readonly string[]): string =>
  `FROM alpine:3.22 AS made\n${lines.join("\n")}\nFROM scratch\nCOPY --from=made /out/ /\n`;

const TEXTS: Readonly<Record<string, string>> = {
  "continuation lines keep their indentation": scratch("CMD echo a \\", "    b\\", "c"),
  "comments and blank lines inside an instruction": scratch(
    "CMD echo a \\",
    "  # one",
    "",
    "   ",
    "# two \\",
    "  b \\",
    "\\",
    "  c",
  ),
  "blanks behind the continuation sign": scratch("CMD echo a \\  ", "b \\\t", "c"),
  "two backslashes at the end of a line": scratch("CMD echo a\\\\", "LABEL x=y"),
  "three backslashes at the end of a line": scratch("CMD echo a\\\\\\", "LABEL x=y"),
  "a backslash at the end of a comment": scratch("# comment \\", "LABEL x=y", "CMD a # b \\", "c"),
  "a backslash at the end of the file": "FROM scratch\nCMD echo a \\",
  "no line ending at the end of the file": "FROM scratch\nCMD echo a",
  CRLF: scratch(
    "CMD echo a \\",
    "# comment",
    "",
    "  b",
    'LABEL a="b c" \\',
    "  d=e",
    "COPY <<F /",
    "in F",
    "",
    "F",
  ).replaceAll("\n", "\r\n"),
  "a BOM and a directive": `\uFEFF# escape=\`\n${scratch("CMD echo a `", "b\\", "LABEL x=y")}`,
  "escape=`": `# escape=\`\n${scratch("CMD dir C:\\", "LABEL a=b `", "  # comment `", "c=d")}`,
  "a directive behind a comment is a comment": `# comment\n# escape=\`\n${scratch("CMD a \\", "b")}`,
  "indented instructions and keywords in any case": scratch("  cmd\techo  a ", "\tLaBeL\tx=y"),
  "JSON with blanks": scratch('CMD  [ "a" ,\t"b c" ]  ', 'ENTRYPOINT ["x\\u0041\\n\\"", ""]'),
  "JSON over several lines": scratch('CMD [ "a", \\', "  # comment", '  "b" \\', "]"),
  "JSON that is none": scratch("CMD ['a', 'b']", 'ENTRYPOINT ["a", "b"] # c'),
  "JSON with a comma too many": scratch('CMD ["a",]'),
  "empty lists": scratch("CMD a", "CMD []", "ENTRYPOINT [ ]"),
  "quoted labels": scratch('LABEL a="b c" \'d e\'=f g=h\\ i j=\'k "l"\' m="n\'o" p='),
  "quotes over a continuation": scratch('LABEL a="b \\', '  c" \\', "  d='e'"),
  "ENV with and without =": scratch("ENV a b  c  d", 'ENV e=f g="h i" \\', "  j=k"),
  "the sign of a comment inside words": scratch("CMD echo a#b # c", "LABEL x=y#z"),
  "files from heredocs": scratch("COPY <<A <<'B' /", "in A", "A", "in B", "# in B", "RUN in B \\", "B"),
  "a heredoc with nothing in it": scratch("COPY <<A /", "A"),
  "a heredoc with tabs": scratch("COPY <<-A /", "\tone", "\t\ttwo", "  \tthree", "\tA", "LABEL x=y"),
  "a heredoc with a quoted name": scratch(`COPY <<"A" <<'B' /`, "$HOME \\$x", "A", "`$x`", "B"),
  "a line that only begins like the end": scratch("COPY <<A /", "A ", " A", "AA", "A"),
  "heredocs of a continued instruction": scratch(
    "COPY <<A \\",
    "  # comment",
    "  <<B /",
    "in A",
    "A",
    "in B",
    "B",
    "LABEL x=y",
  ),
  "flags before heredocs": scratch("COPY --chmod=644 --link <<A /", "in A", "A"),
  "no heredoc": scratch("CMD cat <<A", "LABEL A=<<B"),
  ONBUILD: scratch("ONBUILD CMD echo  a \\", "  b", "onbuild label x=y"),
  "ONBUILD with a heredoc": scratch("ONBUILD COPY <<A /", "in A", "A", "LABEL x=y"),
  "a script in a heredoc": alpine("RUN mkdir /out", "RUN cat <<'A' >/out/A", "in A \\", "# in A", "A", "LABEL x=y"),
  "heredocs of descriptors": alpine(
    "RUN mkdir /out",
    "RUN cat 3<<A <&3 >/out/A; cat <<-B >/out/B",
    "in A",
    "A",
    "\tin B",
    "\tB",
  ),
  "a heredoc inside words": alpine("RUN mkdir /out", "RUN echo $((1<<2)) 'no <<A' && cat <<'B' >/out/B", "in $B", "B"),
};

/** Texts BuildKit refuses; the model has to know a problem or an instruction that is none. */
const REFUSED: Readonly<Record<string, string>> = {
  "a heredoc without an end": scratch("COPY <<A /", "in A"),
  "a heredoc whose end has blanks behind it": scratch("COPY <<A /", "in A", "A "),
  "a quote without an end": scratch('LABEL a="b', "CMD c"),
};

export function parsingTests(machine: Machine): void {
  describe("our model and BuildKit read the same", () => {
    let readings: ReadonlyMap<string, Reading | Refusal>;
    before(async () => {
      readings = await readAll(machine);
    });

    for (const [name, text] of Object.entries(TEXTS)) {
      test(name, () => assert.deepEqual(modelReading(parseDockerfile(text)), readings.get(name)));
    }

    test("what BuildKit refuses is a problem of the model", async () => {
      const checks = await buildKitChecks(machine, Object.values(REFUSED));
      for (const [name, text] of Object.entries(REFUSED)) {
        assert.ok(checks.get(text)?.error, `BuildKit refuses ${name}`);
        assert.notEqual(parseDockerfile(text).problems.length, 0, `the model has a problem with ${name}`);
      }
    });

    test("what BuildKit reads is no problem of the model", () => {
      for (const [name, text] of Object.entries(TEXTS)) assert.deepEqual(parseDockerfile(text).problems, [], name);
    });
  });
}

function modelReading(dockerfile: Dockerfile): Reading {
  const last = (name: string): Instruction | undefined =>
    dockerfile.stages.at(-1)?.instructions.findLast((instruction) => instruction.name === name);
  const inLastStage = (name: string): readonly Instruction[] =>
    dockerfile.stages.at(-1)?.instructions.filter((instruction) => instruction.name === name) ?? [];
  const valued = (name: string): readonly (readonly [string, string])[] =>
    inLastStage(name).flatMap(({ pairs }) =>
      pairs.map(
        ({ key, value, legacy }) =>
          [unquote(key.text), legacy ? (value?.text ?? "") : unquote(value?.text ?? "")] as const,
      ),
    );
  return {
    cmd: started(last("CMD")),
    entrypoint: started(last("ENTRYPOINT")),
    labels: Object.fromEntries(valued("LABEL")),
    env: valued("ENV").map(([key, value]) => `${key}=${value}`),
    onBuild: inLastStage("ONBUILD").map((onBuild) => triggerText(dockerfile, onBuild)),
    files: Object.fromEntries(
      dockerfile.instructions
        .filter(({ name }) => name !== "ONBUILD")
        .flatMap(({ heredocs }) => heredocs)
        .map((heredoc) => [heredoc.name, content(dockerfile, heredoc)]),
    ),
  };
}

function started(instruction: Instruction | undefined): readonly string[] {
  if (!instruction) return [];
  const { json, args } = instruction;
  return json ? json.elements.map(({ text }) => text) : ["/bin/sh", "-c", args.text];
}

/** BuildKit keeps the trigger's line and its heredocs, to read it again when an image is built on this one. */
function triggerText({ text }: Dockerfile, { trigger, body }: Instruction): string {
  const heredocs =
    trigger?.heredocs.map(({ body: of, terminator }) => text.slice(of.start, terminator?.end ?? of.end)) ?? [];
  return [body.text, ...heredocs].join("\n");
}

function content({ text }: Dockerfile, { body, chomp }: Heredoc): string {
  const lines = text.slice(body.start, body.end);
  return chomp ? lines.replace(/^\t+/gm, "") : lines;
}

/** All texts in one call: the image's configuration and its files. */
async function readAll(machine: Machine): Promise<ReadonlyMap<string, Reading | Refusal>> {
  const folder = await machine.folder("parsing");
  const context = join(folder, "context");
  await mkdir(context);
  const checks = await buildKitChecks(machine, Object.values(TEXTS));
  const target: Record<string, object> = {};
  const readings = new Map<string, Reading | Refusal>();
  for (const [at, [name, text]] of Object.entries(TEXTS).entries()) {
    const refused = checks.get(text)?.error;
    if (refused !== undefined) {
      readings.set(name, { refused });
      continue;
    }
    await writeFile(join(context, `t${at}`), text);
    const output = [
      `type=oci,tar=false,dest=${join(folder, `image${at}`)}`,
      `type=local,dest=${join(folder, `files${at}`)}`,
    ];
    target[`t${at}`] = {
      context,
      dockerfile: `t${at}`,
      output,
      network: "host",
      attest: ["type=provenance,disabled=true"],
    };
  }
  const options = [`--allow=fs=${folder}`, "--allow=network.host", "--progress=plain", "--file", "-"];
  const built = await machine.docker.docker(["buildx", "bake", ...options, ...Object.keys(target)], {
    input: JSON.stringify({ target }),
  });
  if (built.code !== 0) throw new Error(`bake ended with ${built.code}\n${built.stderr.slice(-3000)}`);
  for (const [at, name] of Object.keys(TEXTS).entries()) {
    if (!readings.has(name)) readings.set(name, await made(join(folder, `image${at}`), join(folder, `files${at}`)));
  }
  return readings;
}

interface ImageConfig {
  readonly config: {
    readonly Cmd?: readonly string[];
    readonly Entrypoint?: readonly string[];
    readonly Labels?: Readonly<Record<string, string>>;
    readonly Env?: readonly string[];
    readonly OnBuild?: readonly string[];
  };
}

interface Described {
  readonly digest: string;
}

async function made(image: string, files: string): Promise<Reading> {
  const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(join(image, path), "utf8"));
  const blob = ({ digest }: Described): Promise<unknown> => json(`blobs/${digest.replace(":", "/")}`);
  const index = (await json("index.json")) as { readonly manifests: readonly [Described] };
  const manifest = (await blob(index.manifests[0])) as { readonly config: Described };
  const { config } = (await blob(manifest.config)) as ImageConfig;
  const names = await readdir(files);
  const contents = await Promise.all(
    names.map(async (name) => [name, await readFile(join(files, name), "utf8")] as const),
  );
  return {
    cmd: config.Cmd ?? [],
    entrypoint: config.Entrypoint ?? [],
    labels: config.Labels ?? {},
    // Every image has the PATH that BuildKit gives it.
    env: (config.Env ?? []).filter((entry) => !entry.startsWith("PATH=")),
    onBuild: config.OnBuild ?? [],
    files: Object.fromEntries(contents),
  };
}
