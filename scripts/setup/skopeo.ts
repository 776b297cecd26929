/** A real skopeo: what another client of registries says of the same image. */
import { join } from "node:path";
import { mustRun } from "../process.ts";
import { debianPackages } from "./debian.ts";

/** The digest of what a reference leads to, in a registry on loopback that may be plain HTTP. */
export async function skopeoDigest(
  further: Readonly<Record<string, string>> = {},
): Promise<(image: string) => Promise<string>> {
  const root = join(await debianPackages(["skopeo"], { withDependencies: true }), "usr");
  const library = process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
  const env = { ...further, PATH: process.env["PATH"], LD_LIBRARY_PATH: join(root, "lib", library) };
  return async (image) => {
    const args = ["inspect", "--no-tags", "--tls-verify=false", "--format", "{{.Digest}}", `docker://${image}`];
    return (await mustRun(join(root, "bin", "skopeo"), args, { env, timeoutMs: 60_000 })).stdout.trim();
  };
}
