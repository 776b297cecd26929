import type { Dockerfile, Stage } from "../../model/dockerfile/model.ts";
import { finalStage } from "../../model/dockerfile/stages.ts";
import { hasVariable } from "../../model/dockerfile/variables.ts";
import { defineRule, type Fix, unsafeFix } from "../../rule.ts";
import { type Edit, remove, replace } from "../../text/edit.ts";

/** How containerd's platforms package rewrites architectures (normalizeArch in database.go). */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  "x86-64": "amd64",
  i386: "386",
  aarch64: "arm64",
  armhf: "arm",
  armel: "arm",
};

/** What it takes for a platform when a word stands alone (isKnownArch and isKnownOS there). */
const KNOWN_ARCHITECTURES: ReadonlySet<string> = new Set(
  "386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc riscv riscv64 s390 s390x sparc sparc64 wasm".split(
    " ",
  ),
);
const KNOWN_SYSTEMS: ReadonlySet<string> = new Set(
  "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos".split(
    " ",
  ),
);

export default defineRule({
  id: "from-platform-constant",
  summary: "FROM --platform with a fixed platform",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3029", "buildkit:FromPlatformFlagConstDisallowed", "kics:Using Platform Flag with FROM Command"],
  why: `
The file then only builds for one platform: \`docker build --platform\` changes the name on the image, not what is in it, and on
another machine everything runs under emulation. Without the flag the image is pulled for the platform the build is
for. A stage that is meant for one platform says so in its name (\`AS tools-amd64\`): BuildKit lets it off, hadolint reports it, here it
is in the profile \`all\`. A variable is not reported, because whoever builds can set it; \`linux/$ARCH\`, which
hadolint reports, is in that profile too. KICS reports every \`--platform\`.`,
  fixSafety: `
Unsafe: the stage is built for another platform on machines of another kind, and there may be no such image for it.`,
  examples: [
    { bad: "FROM --platform=linux/amd64 node:22\nRUN npm ci\n", fixed: "FROM node:22\nRUN npm ci\n" },
    { good: "FROM --platform=$BUILDPLATFORM golang:1.25 AS build\n" },
    { good: "FROM --platform=linux/arm64 alpine:3.22 AS tools-arm64\n\nFROM alpine:3.22\n" },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      const value = stage.platform?.value;
      if (!stage.platform || !value) continue;
      if (hasVariable(value.text)) {
        const fixed = fixedPart(value.text);
        if (fixed !== undefined)
          report(stage.platform.span, {
            message: `The stage is always built for ${fixed}: only the rest of the platform comes from outside`,
            severity: "hint",
            profile: "all",
            refusal: "the variable may be there for this",
          });
        continue;
      }
      const platform = readPlatform(value.text);
      const name = stage.name?.text.toLowerCase() ?? "";
      if (!platform) continue;
      const meant = platform.some((part) => name.includes(part));
      report(
        stage.platform.span,
        meant
          ? {
              message: `The stage is always built for ${value.text}, as its name says`,
              severity: "hint",
              profile: "all",
              refusal: "the stage's name promises this platform",
            }
          : {
              message: `The stage is always built for ${value.text}, whatever platform the build is for`,
              fixes: fixesFor(dockerfile, stage),
            },
      );
    }
  },
});

/** `linux` of `linux/$ARCH`, `amd64` of `$OS/amd64`. */
const fixedPart = (text: string): string | undefined =>
  text.includes("${") && /[:+-]/.test(text) ? undefined : text.split("/").find((part) => /^[\w.-]+$/.test(part));

/** The system and architecture, as far as they are known; undefined when BuildKit stops at the value. */
function readPlatform(text: string): readonly string[] | undefined {
  const parts = text.toLowerCase().split("/");
  const [first = "", second] = parts;
  if (parts.length > 3 || parts.some((part) => !/^[\w.-]+(?:\([\w.-]*\))?$/.test(part))) return undefined;
  const system = first.replace(/\(.*/, "").replace(/^macos$/, "darwin");
  if (second !== undefined) return [system, ARCHITECTURES[second] ?? second];
  if (KNOWN_SYSTEMS.has(system)) return [system];
  const architecture = ARCHITECTURES[system] ?? system.replace(/^armv\d$/, "arm");
  // The system is that of the machine that builds, which is Linux for nearly every builder.
  return KNOWN_ARCHITECTURES.has(architecture) ? ["linux", architecture] : undefined;
}

function fixesFor(dockerfile: Dockerfile, stage: Stage): readonly Fix[] {
  const { platform } = stage;
  if (!platform?.value) return [];
  const fixes = [unsafeFix("Remove the flag", withoutFlag(dockerfile, platform.span))];
  if (stage !== finalStage(dockerfile))
    fixes.push(
      unsafeFix(
        "Run the stage on the machine that builds, with $BUILDPLATFORM",
        replace(platform.value.span, "$BUILDPLATFORM"),
      ),
    );
  return fixes;
}

/** With the blanks behind it. */
function withoutFlag({ text }: Dockerfile, { start, end }: { start: number; end: number }): Edit {
  const blanks = /^[ \t]*/.exec(text.slice(end, end + 200))?.[0].length ?? 0;
  return remove({ start, end: end + blanks });
}
