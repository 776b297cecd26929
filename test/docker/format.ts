/** What the formatter leaves of a Dockerfile builds the same image: built by the real BuildKit before and after. */
import assert from "node:assert/strict";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { formatDockerfile } from "../../server/src/core/features/dockerfile/format.ts";
import { formatOptions } from "../../server/src/core/features/dockerfile/format-options.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { applyEdits } from "../../server/src/core/text/edit.ts";
import { readImage } from "../../server/src/effects/image/read.ts";
import { type Machine, mustDocker } from "./machine.ts";

const EPOCH = "1700000000";
const root = join(import.meta.dirname, "../..");

/** Uneven ones. Each RUN writes down what it was given. */
const TEXTS: Readonly<Record<string, string>> = {
  "steps, quotes, comments and words over lines": String.raw`from   alpine:3.22   AS   made
RUN   mkdir /out && printf '[%s]' a "b   c" 'd   \
      e' f\ \
   g   h\
i > /out/words && \
    # a comment
  printf '[%s]' "j   \
   k"   \


     l | tr a-z A-Z > /out/pipe   \
 || false
RUN set -eu; \
      for x in one \
            two   \
      ; do \
     case "$x" in \
      one) echo 1 ;;   \
         *) echo "more   $x" ;; \
        esac >> /out/loop; \
   done
from scratch
copy   --from=made    /out/   /
`,
  "heredocs, also behind continued lines": String.raw`FROM   alpine:3.22
RUN   <<EOF
mkdir   /out
echo   "a   b"   \
   c > /out/script
EOF
RUN   cat > /out/body <<-"BODY"   \
        && echo   after   \
      >> /out/body
	indented   
	  more \
  $HOME
	BODY
COPY   <<A    <<'B'   /out/
  in   A $PATH
A
  in   B $PATH   
B
`,
  "what is kept in the configuration": String.raw`FROM alpine:3.22
ENV   A=1    B="2   3"   \
         C=4\ \ 5   \
   # D
  D='6   7'
ENV   E    f   g   "h"
LABEL    a=b     "c d"="e   f   \
   g"      h=i
ARG   X=1   Y="2  3"
EXPOSE   80     443/tcp
VOLUME   /v    /w
WORKDIR    /work/a
USER    nobody
STOPSIGNAL    SIGINT
HEALTHCHECK    --interval=5s   \
      --retries=2    CMD   echo    a   \
        || exit    1
ENTRYPOINT   [ "/bin/echo","a   b" ,   "c" ]
CMD    echo   a   \
      b   "c   d"
ONBUILD    RUN   echo   a   \
      && echo   b
`,
  "another shell and another sign": `# escape=\`
FROM debian:13
SHELL   ["/bin/bash" , "-o","pipefail",   "-c"]
RUN   mkdir /out && printf '%s\\n' "a   b"    \`
      c\\ \`
   d   > /out/a \`
 && [[ "x   y" == "x   y" ]]   \`
       && A=(1 \`
  2   3) && echo "\${#A[@]} $((1 + \`
   2))"   > /out/b
RUN   ["/bin/bash","-c" , "echo   exec > /out/c"]
`,
  "arguments and files of a context": String.raw`ARG   BASE=alpine:3.22
FROM    ${"${BASE}"}   AS   one
COPY    --chmod=600    a   b   \
      c/   /out/
ADD   [ "a",    "/added   here/" ]
FROM one
COPY   --from=one    --link    /out/    /again/
RUN   --mount=type=cache,target=/c   \
        --mount=type=bind,source=a,target=/bound   \
   cat /bound    > /read && ls    /c   \
     > /cache
`,
};

export function formatTests(machine: Machine): void {
  describe("a formatted Dockerfile builds the same image", () => {
    for (const [what, text] of Object.entries(TEXTS))
      test(what, async () => {
        const now = formatted(text);
        assert.notEqual(now, text);
        const context = await machine.folder("format");
        for (const name of ["a", "b", "c"]) await writeFile(join(context, name), `${name}\n`);
        assert.deepEqual(await built(machine, context, now), await built(machine, context, text), now);
      });

    test("examples and test projects are laid out already: what is built from them does not change", async () => {
      const folders = ["examples", "test/projects"].map((folder) => join(root, folder));
      let read = 0;
      for (const folder of folders)
        for (const name of await readdir(folder, { recursive: true })) {
          if (!/(?:^|[/\\])Dockerfile$/.test(name)) continue;
          const text = await readFile(join(folder, name), "utf8");
          assert.equal(formatted(text), text, name);
          read++;
        }
      assert.ok(read >= 25, `${read} Dockerfiles`);
    });
  });
}

const formatted = (text: string): string =>
  applyEdits(text, formatDockerfile(parseDockerfile(text), formatOptions({})));

/** The layers, by the digests of what is in them, and the configuration of an image without times. */
async function built(machine: Machine, from: string, text: string): Promise<unknown> {
  const context = await machine.folder("format-build");
  await cp(from, context, { recursive: true });
  const file = join(await machine.folder("format-file"), "Dockerfile");
  await writeFile(file, text);
  const archive = join(await machine.folder("format-image"), "image.tar");
  await mustDocker(
    machine,
    ...["buildx", "build", "--no-cache", "--provenance=false", "--network=host", `--file=${file}`],
    ...[`--build-arg=SOURCE_DATE_EPOCH=${EPOCH}`, `--output=type=oci,dest=${archive},rewrite-timestamp=true`, context],
  );
  const { layers, config } = await readImage(archive);
  return { layers: layers.map(({ diffId }) => diffId), config: (config as { readonly config: unknown }).config };
}
