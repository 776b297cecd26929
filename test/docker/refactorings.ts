/** Refactorings of Dockerfiles by what the real BuildKit makes of them: the same files, or the same failure. */
import assert from "node:assert/strict";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
  type Refactoring,
  REFACTORINGS,
  rewriteAll,
  rewriteAt,
} from "../../server/src/core/assists/dockerfile/index.ts";
import { isRefusal, type Refusal, type Rewrite } from "../../server/src/core/assists/rewrite.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { applyEdits } from "../../server/src/core/text/edit.ts";
import type { Machine } from "./machine.ts";

interface Sample {
  readonly what: string;
  readonly base?: "alpine:3.22" | "debian:13";
  /** Below FROM; what is compared is in /out. */
  readonly lines: readonly string[];
  /** By refactoring; `at` says where, everywhere otherwise. */
  readonly by: readonly { readonly id: string; readonly at?: string }[];
  readonly fails?: true;
}

const chain = [{ id: "to-heredoc" }];

const SAMPLES: readonly Sample[] = [
  {
    what: "RUNs that change their shell, that swallow failures, and comments between them",
    lines: [
      "RUN mkdir /out",
      "RUN cd /out && echo a > here && umask 077",
      "# after the umask",
      "RUN pwd > /out/folder; touch /out/mode || true",
      "RUN A=1",
      'RUN echo "[$A]" > /out/variable && false || echo recovered > /out/recovered',
      "RUN echo x >> /out/log",
    ],
    by: [{ id: "merge-run" }],
  },
  {
    what: "a failure in the first of two RUNs",
    lines: ["RUN mkdir /out && false", "RUN echo b; echo c"],
    by: [{ id: "merge-run" }],
    fails: true,
  },
  {
    what: "a chain with options of the shell",
    lines: [
      "RUN set -eu; \\",
      "    mkdir /out; \\",
      "    # for later",
      "    echo a > /out/a; \\",
      "    echo b >> /out/a",
    ],
    by: [{ id: "split-run", at: "echo a" }, { id: "split-run", at: "echo b" }, ...chain],
  },
  {
    what: "a mount that both parts need",
    lines: [
      "RUN mkdir /out",
      "RUN --mount=type=cache,target=/c,id=refactorings echo kept > /c/file \\",
      "    && cp /c/file /out/file",
    ],
    by: [{ id: "split-run", at: "cp /c" }, ...chain],
  },
  {
    what: "a loop that goes on after a failure",
    lines: ["RUN mkdir /out && for i in 1 2; do false; echo $i >> /out/loop; done && echo after > /out/after"],
    by: chain,
  },
  {
    what: "a subshell, a ! and braces that may fail",
    base: "debian:13",
    lines: [
      "RUN mkdir /out \\",
      "    && (false; echo sub > /out/sub) \\",
      "    && ! grep nobody-of-that-name /etc/passwd \\",
      "    && { true && echo both > /out/both; } \\",
      '    && echo "one \\',
      '       two" > /out/quoted',
    ],
    by: chain,
  },
  {
    what: "a ! that fails",
    lines: ["RUN mkdir /out && ! grep root /etc/passwd && echo no > /out/no"],
    by: chain,
    fails: true,
  },
  {
    what: "braces that fail",
    lines: ["RUN mkdir /out && { false && true; } && echo no > /out/no"],
    by: chain,
    fails: true,
  },
  {
    what: "braces that fail, in bash",
    base: "debian:13",
    lines: ['SHELL ["/bin/bash", "-o", "pipefail", "-c"]', "RUN mkdir /out && { false && true; } && echo no > /out/no"],
    by: chain,
    fails: true,
  },
  {
    what: "a pipe that fails, in bash",
    base: "debian:13",
    lines: ['SHELL ["/bin/bash", "-o", "pipefail", "-c"]', "RUN mkdir /out && false | cat && echo no > /out/no"],
    by: chain,
    fails: true,
  },
  {
    what: "a pipe whose failure nobody sees",
    lines: ["RUN mkdir /out && false | cat && echo yes > /out/yes"],
    by: chain,
  },
  {
    what: "an || in the middle",
    lines: ["RUN mkdir /out && false || echo or > /out/or && echo end > /out/end"],
    by: chain,
  },
  {
    what: "behind set -e a failure in front of && goes unseen",
    lines: ["RUN set -e; mkdir /out; cd /out; false && true; echo kept > kept"],
    by: chain,
  },
  {
    what: "a heredoc with comments, an || and options",
    lines: [
      "RUN <<EOF",
      "set -ex",
      "# make it",
      "mkdir /out # here",
      "cd /out",
      "false || echo b > b",
      "echo $- | grep -c x > options",
      "EOF",
    ],
    by: [{ id: "from-heredoc" }],
  },
  {
    what: "a heredoc of which a part gets a RUN of its own",
    lines: ["RUN <<EOF", "set -eu", "mkdir /out", "# b", "echo b > /out/b", "echo c > /out/c", "EOF"],
    by: [{ id: "split-run", at: "echo b" }, { id: "from-heredoc" }],
  },
  {
    what: "a heredoc that fails",
    lines: ["RUN <<EOF", "set -e", "mkdir /out", "false", "echo no > /out/no", "EOF"],
    by: [{ id: "from-heredoc" }],
    fails: true,
  },
  {
    what: "variables, folders, arguments and a copy by number across a new stage",
    lines: [
      "ARG NAME=given",
      "ENV A=1 B=2",
      "ENV C=3",
      "WORKDIR /work",
      "RUN mkdir /out && echo $A$B$C$NAME > file",
      "RUN pwd > /out/folder; echo $A$B$C$NAME > /out/values",
      "FROM scratch AS other",
      "COPY --from=0 /out /out",
      "COPY --from=0 /work /out/work",
    ],
    by: [
      { id: "extract-stage", at: "WORKDIR" },
      { id: "extract-stage", at: "RUN mkdir" },
      { id: "name-stage" },
      { id: "merge-pairs" },
      { id: "split-pairs" },
    ],
  },
  {
    what: "a stage between another and what is built on it",
    lines: [
      "ENV A=1",
      "RUN mkdir /out && echo $A > /out/a",
      "FROM busybox-of-tests AS middle",
      "RUN echo c > /c",
      "FROM first",
      "COPY --from=1 /c /out/c",
      "RUN echo $A >> /out/a",
    ],
    by: [{ id: "inline-stage", at: "FROM first" }],
  },
];

export function refactoringTests(machine: Machine): void {
  describe("refactorings of Dockerfiles", () => {
    for (const { what, base = "alpine:3.22", lines, by, fails } of SAMPLES)
      test(what, async () => {
        const image = `${machine.registry.host}/library/${base}`;
        const text = [`FROM ${image}${lines.includes("FROM first") ? " AS first" : ""}`, ...lines, ""]
          .join("\n")
          .replace("busybox-of-tests", image);
        const before = await outputOf(machine, text);
        assert.equal(typeof before === "string", fails === true, typeof before === "string" ? before : text);
        for (const { id, at } of by) {
          const result = changed(text, id, at);
          const after = await outputOf(machine, result);
          const about = `${id}\n${text}\n→\n${result}\n${typeof after === "string" ? after : ""}`;
          if (fails) assert.equal(typeof after, "string", about);
          else assert.deepEqual(after, before, about);
          if (id === "to-heredoc") await backAgain(result, before);
        }
      });

    /** A heredoc that was a chain can often be one again. */
    async function backAgain(text: string, before: Output): Promise<void> {
      const made = rewriteAll(parseDockerfile(text), named("from-heredoc"), () => undefined);
      if (isRefusal(made)) return;
      const result = applyEdits(text, made.edits);
      const after = await outputOf(machine, result);
      if (typeof before === "string") assert.equal(typeof after, "string", result);
      else assert.deepEqual(after, before, result);
    }
  });
}

function named(id: string): Refactoring {
  const refactoring = REFACTORINGS.find((each) => each.id === id);
  assert.ok(refactoring, id);
  return refactoring;
}

function changed(text: string, id: string, at: string | undefined): string {
  const dockerfile = parseDockerfile(text);
  const offset = at === undefined ? -1 : text.indexOf(at);
  const made: Rewrite | Refusal | undefined =
    at === undefined
      ? rewriteAll(dockerfile, named(id), () => undefined)
      : rewriteAt(dockerfile, named(id), { start: offset, end: offset }, () => undefined);
  assert.ok(made && !isRefusal(made), `${id}: ${made && isRefusal(made) ? made.refusal : "not offered"}`);
  return applyEdits(text, made.edits);
}

/** What is in /out, with modes and contents; what BuildKit printed when the build failed. */
type Output = Readonly<Record<string, string>> | string;

async function outputOf(machine: Machine, text: string): Promise<Output> {
  const context = await machine.folder("refactorings");
  const out = await machine.folder("refactorings-out");
  await writeFile(join(context, "Dockerfile"), text);
  const { code, stderr } = await machine.docker.docker(
    ["buildx", "build", "--network=host", "--output", `type=local,dest=${out}`, context],
    { timeoutMs: 120_000 },
  );
  if (code !== 0) {
    // That a command failed is what is compared: anything else is a mistake of the test.
    assert.match(stderr, /did not complete successfully: exit code/, text);
    return stderr;
  }
  const folder = join(out, "out");
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .toSorted()
      .map((name) => {
        const stat = lstatSync(join(folder, name));
        const content = stat.isFile() ? readFileSync(join(folder, name), "utf8") : "";
        return [name, `${(stat.mode & 0o7777).toString(8)} ${content}`];
      }),
  );
}
