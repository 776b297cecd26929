/** What configuration files are called, ours before hadolint's. */
export const OWN_NAMES: readonly string[] = [".dockwright.yaml", ".dockwright.yml", ".dockwright.json"];
export const HADOLINT_NAMES: readonly string[] = [".hadolint.yaml", ".hadolint.yml"];
