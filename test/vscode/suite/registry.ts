/** The local registry that test/vscode/run.ts has started: one image in it, and its digest there. */
const needed = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: start the suite with test/vscode/run.ts`);
  return value;
};

export const image = needed("DOCKWRIGHT_TEST_IMAGE");
export const digest = needed("DOCKWRIGHT_TEST_DIGEST");
