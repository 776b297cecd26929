/** Reads BuildKit's plain progress, which nerdctl and older buildx print: `#5 [build 2/3] RUN make`, `#5 0.123 output`, `#5 DONE 0.4s`. */
import { collector, splitLines } from "./collect.ts";
import type { BuildEvent, BuildReader } from "./events.ts";

const LINE = /^#(\d+) (.*)$/;
const OUTPUT = /^\d+\.\d+ (.*)$/;

export function plainReader(): BuildReader {
  const collected = collector();
  const lines = { stdout: splitLines(), stderr: splitLines() };

  const ofLine = (line: string): readonly BuildEvent[] => {
    const [, id = "", rest = ""] = LINE.exec(line) ?? [];
    if (id === "") return [collected.text(line)];
    const known = collected.known(id);
    if (!known) return [collected.step({ id, name: rest, state: "running" })];
    const output = OUTPUT.exec(rest)?.[1];
    if (output !== undefined) return [collected.log(id, `${output}\n`)];
    if (rest === "CACHED") return [collected.step({ ...known, state: "cached" })];
    const done = /^DONE (\d+(?:\.\d+)?)s$/.exec(rest)?.[1];
    // What was cached is not done a second time.
    if (done !== undefined && known.state !== "cached")
      return [collected.step({ ...known, state: "done", ms: Math.round(Number(done) * 1000) })];
    const error = /^ERROR: (.*)$/.exec(rest)?.[1];
    if (error !== undefined) return [collected.step({ ...known, state: "failed", error })];
    return [];
  };

  return {
    read: (stream, text) => lines[stream].push(text).flatMap(ofLine),
    end: () => [...lines.stdout.rest(), ...lines.stderr.rest()].flatMap(ofLine),
    report: collected.report,
  };
}
