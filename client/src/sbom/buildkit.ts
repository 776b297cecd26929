/** BuildKit's attestation: the SBOM that a build with `--sbom` has put beside the image in the registry, always SPDX. */
import { checkedImage, type SbomInvocation } from "./tools.ts";

export const attestedSbom: SbomInvocation = ({ image, program = "docker" }) => ({
  command: program,
  args: ["buildx", "imagetools", "inspect", "--format", "{{json .SBOM}}", "--", checkedImage(image)],
});
