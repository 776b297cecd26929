/** Syft: the SBOM of an image on stdout. */
import { checkedImage, type SbomInvocation } from "./tools.ts";

const OUTPUT = { cyclonedx: "cyclonedx-json", spdx: "spdx-json" } as const;

export const syftSbom: SbomInvocation = ({ image, source, format, program = "syft" }) => ({
  command: program,
  // The source before the name also keeps the name from being taken for an option.
  args: ["scan", "--quiet", "--output", OUTPUT[format], `${source}:${checkedImage(image)}`],
  env: { SYFT_CHECK_FOR_APP_UPDATE: "false" },
});
