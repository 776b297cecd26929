/** The digests of 200 images from a real registry on loopback: all at once and from the cache, beside skopeo for one after the other. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDockerRegistry } from "../../scripts/setup/docker-registry.ts";
import { skopeoDigest } from "../../scripts/setup/skopeo.ts";
import { createRegistry } from "../../server/src/effects/registry/registry.ts";
import { pushImage } from "../effects/push-image.ts";

const IMAGES = 200;
const ROUNDS = 3;

export interface RegistryTimes {
  readonly images: number;
  /** Milliseconds for all. */
  readonly serial: number;
  /** Medians. */
  readonly first: number;
  /** By another process' cache. */
  readonly again: number;
}

export async function registryTimes(): Promise<RegistryTimes> {
  const folder = mkdtempSync(join(tmpdir(), "dockwright-bench-registry-"));
  try {
    await using registry = await startDockerRegistry({ folder, storage: join(folder, "storage") });
    const images = Array.from({ length: IMAGES }, (_, at) => `${registry.host}/team/app${at}:1`);
    for (const image of images) await pushImage(image.slice(0, -2), ["1"], { label: image });
    const skopeo = await skopeoDigest();
    // Also the registry reads its files for the first time.
    const [serial, expected] = await timed(() => serially(images, skopeo));
    const firsts: number[] = [];
    const agains: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const cache = { folder: join(folder, `cache-${round}`) };
      const ours = () => {
        const { resolveDigest } = createRegistry({ trusted: true, env: {}, home: folder, cache });
        return Promise.all(images.map(async (image) => (await resolveDigest(image)).digest));
      };
      const [first, found] = await timed(ours);
      const [again, kept] = await timed(ours);
      if (`${expected}` !== `${found}` || `${found}` !== `${kept}`) throw new Error("the digests are not the same");
      firsts.push(first);
      agains.push(again);
    }
    return { images: IMAGES, serial, first: median(firsts), again: median(agains) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function timed<T>(work: () => Promise<T>): Promise<readonly [ms: number, result: T]> {
  const began = performance.now();
  const result = await work();
  return [performance.now() - began, result];
}

/** A command for each image, as scripts do it. */
async function serially(
  images: readonly string[],
  digestOf: (image: string) => Promise<string>,
): Promise<readonly string[]> {
  const digests: string[] = [];
  for (const image of images) digests.push(await digestOf(image));
  return digests;
}
