/** Trivy: the SBOM of an image on stdout. It needs no vulnerability database for that. */
import { checkedImage, type SbomInvocation } from "./tools.ts";

const OUTPUT = { cyclonedx: "cyclonedx", spdx: "spdx-json" } as const;
const SOURCE = { docker: "docker", podman: "podman", registry: "remote" } as const;

export const trivySbom: SbomInvocation = ({ image, source, format, program = "trivy" }) => ({
  command: program,
  args: ["image", "--quiet", "--format", OUTPUT[format], "--image-src", SOURCE[source], "--", checkedImage(image)],
  // As flags, older releases do not know them.
  env: { TRIVY_SKIP_VERSION_CHECK: "true", TRIVY_DISABLE_TELEMETRY: "true" },
});
