/** BuildKit's attestation: the SBOM that a build with `--sbom` has put beside the image in the registry, always SPDX. */
import { docker } from "../engines/docker.ts";
import { checkedImage, type SbomInvocation } from "./tools.ts";

export const attestedSbom: SbomInvocation = ({ image, where }) =>
  docker(["buildx", "imagetools", "inspect", "--format", "{{json .SBOM}}", "--", checkedImage(image)], where);
