/** What reads configuration files. It brings the YAML parser with it, so drivers load it when there is a file. */
export { readHadolint } from "./hadolint.ts";
export { readOwn } from "./own.ts";
