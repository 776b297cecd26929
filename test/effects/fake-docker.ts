/** A program called docker that says it built and ran something, for what is around an engine: what people are told, and what is written. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

interface FakeDocker {
  /** With the program first on PATH. */
  readonly path: string;
  /** Its arguments, a line for each time it was called. */
  readonly calls: () => readonly string[];
}

const IMAGE = JSON.stringify({
  ...{ Id: `sha256:${"1".repeat(64)}`, Os: "linux", Architecture: "amd64", Size: 10 },
  Config: { Cmd: ["app"], Env: ["PATH=/bin"] },
  RootFS: { Layers: [`sha256:${"2".repeat(64)}`] },
});

/**
 * Containers print `done` and end with 0; the result's print `result`. With `waits` they run until they are removed.
 * @param folder an empty one
 */
export function fakeDocker(folder: string, { result = "done", waits = false } = {}): FakeDocker {
  const log = join(folder, "calls");
  const removed = join(folder, "removed");
  writeFileSync(log, "");
  mkdirSync(join(folder, "bin"));
  const script = `#!/bin/sh
echo "$*" >>'${log}'
case "$1 $2" in
"image inspect") echo '${IMAGE}' ;;
"history --no-trunc") echo '{"CreatedBy":"COPY app","Size":"10"}' ;;
"info --format") echo '[]' ;;
"container inspect")
  if [ ${waits} = true ] && [ ! -e '${removed}' ]; then echo '{"Id":"1","State":{"Status":"running","Running":true,"ExitCode":0}}'
  else echo '{"Id":"1","State":{"Status":"exited","Running":false,"ExitCode":0}}'; fi ;;
"start --attach")
  while [ ${waits} = true ] && [ ! -e '${removed}' ]; do sleep 0.05; done
  case "$3" in *-result) echo '${result}' ;; *) echo done ;; esac ;;
"rm --force") : >'${removed}' ;;
esac
`;
  writeFileSync(join(folder, "bin", "docker"), script, { mode: 0o755 });
  return {
    path: [join(folder, "bin"), process.env["PATH"]].join(delimiter),
    calls: () => readFileSync(log, "utf8").split("\n").slice(0, -1),
  };
}
