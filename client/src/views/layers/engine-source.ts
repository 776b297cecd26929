/** Where the image of a name is: in the engine of this window. */
import { window } from "vscode";
import type { ImageSource } from "../../../../server/src/lsp/messages.ts";
import { engineHere, whereHere } from "../../engine.ts";
import type { EngineName } from "../../engines/engine.ts";

type EngineSource = Extract<ImageSource, { readonly kind: "engine" }>;

const PROGRAMS: Readonly<Record<EngineName, EngineSource["engine"]>> = {
  "docker-buildx": "docker",
  "docker-classic": "docker",
  podman: "podman",
  nerdctl: "nerdctl",
  buildah: "buildah",
};

/** An image of this window's engine; says why there is none. */
export async function engineSource(image: string): Promise<ImageSource | undefined> {
  const found = await engineHere();
  if (!found.engine) {
    void window.showErrorMessage(found.why);
    return undefined;
  }
  const engine = PROGRAMS[found.engine.name];
  const { dockerContext } = whereHere();
  return {
    kind: "engine",
    engine,
    image,
    ...(engine === "docker" && dockerContext !== undefined && { context: dockerContext }),
  };
}
