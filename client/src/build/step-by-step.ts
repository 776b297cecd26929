/**
 * Reads builders that do one step after the other and say which: Docker's classic builder (`Step 2/7 : RUN make`), and Buildah, which
 * is also Podman's (`[1/2] STEP 2/4: RUN make`). What is printed behind a step is that step's output.
 */
import { collector, splitLines } from "./collect.ts";
import type { BuildEvent, BuildReader, Step } from "./events.ts";

interface Dialect {
  readonly step: RegExp;
  /** The step before this line came from the cache. */
  readonly cached: RegExp;
  /** What the builder says for itself. */
  readonly chatter: RegExp;
  /** The image that was built. */
  readonly image: RegExp;
  /** The end of the build has begun: nothing behind it is a step's. */
  readonly end: RegExp;
  /** Said at every build, and no reason for anything. */
  readonly notice?: RegExp;
  /** What steps print comes on stdout alone, whichever way they print it. */
  readonly ownErrors?: true;
}

const CLASSIC: Dialect = {
  step: /^Step \d+\/\d+ : .*/,
  cached: /^ ---> Using cache$/,
  chatter: /^ ---> |^Sending build context to Docker daemon/,
  image: /^Successfully built ([0-9a-f]+)$/,
  end: /^Successfully (?:built|tagged) |^The command '[\s\S]*' returned a non-zero code: \d+$|^Error response from daemon: /,
  notice:
    /^DEPRECATED: The legacy builder |^ {12}(?:BuildKit is currently disabled|environment-variable\.|Install the buildx component|https:)/,
  ownErrors: true,
};

const BUILDAH: Dialect = {
  step: /^(?:\[\d+\/\d+\] )?STEP \d+\/\d+: .*/,
  cached: /^--> Using cache [0-9a-f]+$/,
  chatter:
    /^--> [0-9a-f]+$|^(?:Trying to pull|Getting image source|Copying (?:blob|config)|Writing manifest|Storing signatures)/,
  image: /^([0-9a-f]{64})$/,
  end: /^(?:\[\d+\/\d+\] )?COMMIT\b|^Successfully tagged |^Error: building at STEP /,
};

/** Docker's classic builder colours what a step prints to stderr. */
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");

export const classicReader = (): BuildReader => stepByStep(CLASSIC);
export const buildahReader = (): BuildReader => stepByStep(BUILDAH);

function stepByStep(dialect: Dialect): BuildReader {
  const collected = collector();
  const lines = { stdout: splitLines(), stderr: splitLines() };
  let count = 0;
  let current: Step | undefined;

  const finish = (state: Step["state"]): readonly BuildEvent[] => {
    if (!current || current.state !== "running") return [];
    current = { ...current, state };
    return [collected.step(current)];
  };

  const ofLine = (written: string, stream: "stdout" | "stderr"): readonly BuildEvent[] => {
    const line = written.replaceAll(COLOURS, "");
    if (dialect.notice?.test(line) === true) return [{ kind: "text", text: line }];
    if (dialect.step.test(line)) {
      const ended = finish("done");
      count += 1;
      current = { id: String(count), name: line, state: "running" };
      return [...ended, collected.step(current)];
    }
    const image = dialect.image.exec(line)?.[1];
    if (image !== undefined) collected.image(image);
    if (dialect.cached.test(line)) return finish("cached");
    if (dialect.chatter.test(line)) return [];
    const over = dialect.end.test(line) || image !== undefined;
    const own = stream === "stderr" && dialect.ownErrors === true;
    if (over || own || !current || line === "") return line === "" ? [] : [collected.text(line)];
    return [collected.log(current.id, `${written}\n`)];
  };

  return {
    read: (stream, text) => lines[stream].push(text).flatMap((line) => ofLine(line, stream)),
    end: () =>
      (["stdout", "stderr"] as const).flatMap((stream) => lines[stream].rest().flatMap((line) => ofLine(line, stream))),
    report: collected.report,
  };
}
