/** The local registry that test/vscode/run.ts has started: one image in it, and its digest there. Undefined where it could not. */
interface Registry {
  readonly image: string;
  readonly digest: string;
}

const { DOCKWRIGHT_TEST_IMAGE: image, DOCKWRIGHT_TEST_DIGEST: digest } = process.env;

export const registry: Registry | undefined = image && digest ? { image, digest } : undefined;
