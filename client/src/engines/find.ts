/** Which engine builds here: the one that was chosen, else the first that answers. */
import { adviceOnEngine } from "../build/trouble.ts";
import type { Invocation, Outcome } from "../process.ts";
import { buildah } from "./buildah.ts";
import { dockerBuildx } from "./docker-buildx.ts";
import { dockerClassic } from "./docker-classic.ts";
import type { Engine, EngineName, Where } from "./engine.ts";
import { nerdctl } from "./nerdctl.ts";
import { podman } from "./podman.ts";

/** In the order they are tried. */
export const ENGINES: readonly Engine[] = [dockerBuildx, dockerClassic, podman, nerdctl, buildah];

export interface FoundEngine {
  readonly engine: Engine;
  /** Its version, and where it runs. */
  readonly detail: string;
  /** Engines that are there and did not answer: each with the reason. */
  readonly silent: readonly string[];
}

export interface NoEngine {
  readonly engine?: undefined;
  /** For people: what was tried and what to do. */
  readonly why: string;
}

export async function findEngine(
  wanted: EngineName | "auto",
  where: Where,
  ask: (invocation: Invocation) => Promise<Outcome>,
): Promise<FoundEngine | NoEngine> {
  const candidates = ENGINES.filter(({ name }) => wanted === "auto" || name === wanted);
  const silent: string[] = [];
  const missing: string[] = [];
  // Two of them ask docker the same.
  const asked = new Map<string, Promise<Outcome>>();
  const askOnce = (invocation: Invocation): Promise<Outcome> => {
    const key = JSON.stringify(invocation);
    const outcome = asked.get(key) ?? ask(invocation);
    asked.set(key, outcome);
    return outcome;
  };
  for (const engine of candidates) {
    const outcomes: Outcome[] = [];
    for (const invocation of engine.probe(where)) outcomes.push(await askOnce(invocation));
    const probe = engine.readProbe(outcomes);
    if (probe.found) return { engine, detail: probe.detail, silent };
    (probe.missing ? missing : silent).push(`${engine.title}: ${probe.why}`);
  }
  if (silent.length > 0) {
    const said = [...new Set(silent.map(lastPart))].join("; ");
    const advice = silent.map(adviceOnEngine).find((each) => each !== undefined);
    return { why: `No engine answers. ${said}${advice === undefined ? "" : `. ${advice}`}` };
  }
  if (wanted !== "auto") return { why: `${missing[0] ?? wanted}. The setting dockwright.engine asks for it` };
  return { why: "There is no engine on PATH: install Docker, Podman, nerdctl or Buildah" };
}

/** Docker's two builders complain in the same words. */
const lastPart = (complaint: string): string =>
  complaint.replace(/^Docker(?: with buildx|'s classic builder): /, "Docker: ");
