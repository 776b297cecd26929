/** Why an engine did not give an image, out of what its program printed. */
import { redact } from "../redact.ts";
import { RunError } from "../process.ts";
import type { Engine } from "./source-types.ts";

export type EngineErrorKind =
  /** Its program is not there. */
  "missing" | "no-daemon" | "no-image" | "timeout" | "failed";

export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly kind: EngineErrorKind;

  /** @param message what happened and what to do; secrets in it are hidden */
  constructor(kind: EngineErrorKind, message: string) {
    super(redact(message));
    this.kind = kind;
  }
}

interface Explanation {
  readonly kind: EngineErrorKind;
  readonly printed: RegExp;
  readonly message: (engine: Engine, image: string, said: string) => string;
}

const EXPLANATIONS: readonly Explanation[] = [
  {
    kind: "no-daemon",
    printed: /permission denied while trying to connect/i,
    message: (engine, _image, said) => `you may not use ${engine} (${said}); run it as a user who may`,
  },
  {
    kind: "no-daemon",
    printed:
      /cannot connect to the docker daemon|is the docker daemon running|unable to connect to podman|cannot connect to podman|failed to dial|cannot access containerd socket|rootless containerd not running/i,
    message: (engine, _image, said) => `${engine} is not running here (${said}); start it, then try again`,
  },
  {
    kind: "no-image",
    printed: /no such (?:image|object)|image not known/i,
    message: (engine, image) => `${engine} has no image ${image}; build it or pull it first, or check its name`,
  },
];

/** What a program that ended with another code than 0 has said. */
export function engineError(engine: Engine, image: string, stderr: string): EngineError {
  const said = lastLine(stderr);
  const found = EXPLANATIONS.find(({ printed }) => printed.test(stderr));
  if (found) return new EngineError(found.kind, found.message(engine, image, said));
  return new EngineError("failed", `${engine} could not give ${image}: ${said}`);
}

/** What `process.ts` throws, in the same terms; anything else as it is. */
export function startError(engine: Engine, image: string, error: unknown): unknown {
  if (!(error instanceof RunError)) return error;
  if (error.kind === "missing")
    return new EngineError("missing", `${engine} is not on PATH; install it, or look at the image where it is`);
  const kind = error.kind === "timeout" ? "timeout" : "failed";
  return new EngineError(kind, `${engine} could not give ${image}: ${error.message}; try again`);
}

const MAX_SAID = 300;

function lastLine(text: string): string {
  const lines = text.split("\n").map((line) => line.replace(/[\p{Cc}\p{Cf}]+/gu, " ").trim());
  const last = lines.findLast((line) => line !== "") ?? "it said nothing";
  return last.replace(/^(?:Error:|Error response from daemon:|time="[^"]*" level=\w+ msg=)\s*/i, "").slice(0, MAX_SAID);
}
