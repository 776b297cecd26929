import { expandIn } from "../../model/dockerfile/scope.ts";
import { defineRule, known } from "../../rule.ts";

export default defineRule({
  id: "base-platform-mismatch",
  summary: "there is no image for the platform that FROM asks for",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["buildkit:InvalidBaseImagePlatform"],
  why: `
\`FROM --platform\` asks for one platform, and the registry has none of the image: the build stops, or takes an image for another
platform, whose programs then do not start. What platforms there are is asked only where looking images up is switched on:
\`dockwright check --online\`.`,
  examples: [
    {
      bad: "FROM --platform=linux/s390x node:24\n",
      answers: { "platforms:node:24": "linux/amd64 linux/arm64/v8" },
    },
    {
      good: "FROM --platform=linux/arm64 node:24\n",
      answers: { "platforms:node:24": "linux/amd64 linux/arm64/v8" },
    },
    { good: "FROM --platform=$BUILDPLATFORM node:24\n", answers: { "platforms:node:24": "linux/amd64" } },
  ],
  check({ dockerfile, report, lookup }) {
    for (const { base, from, platform } of dockerfile.stages) {
      if (base.kind !== "image" || platform?.value === undefined) continue;
      const { text, known: isKnown } = expandIn(dockerfile, from, platform.value.text);
      const wanted = normalized(text);
      if (!isKnown || wanted === undefined) continue;
      const platforms = known(lookup({ ask: "platforms", image: base.reference }))
        ?.split(" ")
        .filter(Boolean);
      if (platforms === undefined || platforms.length === 0) continue;
      if (platforms.some((each) => fits(normalized(each) ?? each, wanted))) continue;
      report(platform.value.span, {
        message: `There is no ${base.reference} for ${wanted}, only for ${platforms.join(", ")}`,
      });
    }
  },
});

/** Other names for the same (containerd/platforms, normalizeArch); undefined for what is no `os/architecture`. */
const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ["x86_64", "amd64"],
  ["x86-64", "amd64"],
  ["aarch64", "arm64"],
  ["i386", "386"],
  ["i686", "386"],
  ["armhf", "arm/v7"],
  ["armel", "arm/v6"],
]);

function normalized(platform: string): string | undefined {
  const [os, architecture, variant] = platform.toLowerCase().split("/");
  if (!os || !architecture) return undefined;
  const name = ARCHITECTURES.get(architecture) ?? architecture;
  // v8 is what arm64 is without a word, v7 what arm is.
  const plain = (name === "arm64" && variant === "v8") || (name === "arm" && variant === "v7") || variant === undefined;
  return `${os}/${name === "arm/v7" ? "arm" : name}${plain ? "" : `/${variant}`}`;
}

/** An image without a variant, or for a lower one, runs too. */
const fits = (there: string, wanted: string): boolean =>
  there === wanted || wanted.startsWith(`${there}/`) || there.startsWith(`${wanted}/`);
