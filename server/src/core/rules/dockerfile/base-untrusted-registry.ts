import { parseImageRef } from "../../model/image-ref.ts";
import type { Dockerfile, Word } from "../../model/dockerfile/model.ts";
import { fromReferences } from "../../model/dockerfile/references.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  id: "base-untrusted-registry",
  summary: "image from a registry that is not on the project's list",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["hadolint:DL3026"],
  why: `
Whoever can write to a registry decides what runs in the images built from it. The rule is silent until \`trustedRegistries\` in the
configuration names those a project relies on; then every \`FROM\`, \`COPY --from\` and \`RUN --mount=from=\` has to name one of
them. \`*\` stands for any text: \`*.example.com\`, \`registry.*\`. An entry with a slash is compared with registry and path, so that
\`ghcr.io/example/*\` trusts one owner. Images without a registry come from \`docker.io\`. There is no fix: where else the image is
to be had, only the project knows.`,
  examples: [
    { bad: "FROM registry.example.net/base:4\n", policy: { trustedRegistries: ["docker.io", "*.example.com"] } },
    { good: "FROM registry.example.com/base:4\n", policy: { trustedRegistries: ["docker.io", "*.example.com"] } },
  ],
  check({ dockerfile, policy, report }) {
    if (policy.trustedRegistries.length === 0) return;
    const trusted = policy.trustedRegistries.map(patternOf);
    for (const { word, text } of imagesNamed(dockerfile)) {
      const place = placeOf(text);
      if (!place || trusted.some((isTrusted) => isTrusted(place))) continue;
      report(word.span, { message: `${place.domain} is not among the registries this project trusts` });
    }
  },
});

interface Place {
  readonly domain: string;
  /** Undefined where a variable hides a part of it. */
  readonly path: string | undefined;
}

/** Names under which Docker Hub goes. */
const HUB: ReadonlySet<string> = new Set(["docker.io", "index.docker.io", "registry-1.docker.io", "hub.docker.com"]);

function patternOf(entry: string): (place: Place) => boolean {
  const plain = entry.trim().toLowerCase().replace(/\/$/, "");
  const name = HUB.has(plain) ? "docker.io" : plain;
  const source = name.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*+/g, ".*");
  const expression = new RegExp(`^${source}$`);
  const withPath = name.includes("/");
  return ({ domain, path }) => {
    if (!withPath) return expression.test(domain);
    // What a variable hides may be on the list.
    return path === undefined ? domain === name.split("/")[0] : expression.test(`${domain}/${path}`);
  };
}

/** With variables put in where they are known; stages and scratch left out. */
function imagesNamed(dockerfile: Dockerfile): readonly { readonly word: Word; readonly text: string }[] {
  const bases = dockerfile.stages.flatMap(({ base, image, from }) => {
    if (!image || base.kind === "stage" || base.kind === "scratch") return [];
    return [{ word: image, text: unquote(expandIn(dockerfile, from, image.text).text, dockerfile.escape) }];
  });
  const sources = fromReferences(dockerfile).flatMap(({ word, source }) =>
    // A plain word may be a build context given on the command line.
    source.kind === "other" && /[/:@]/.test(source.reference) ? [{ word, text: source.reference }] : [],
  );
  return [...bases, ...sources].sort((a, b) => a.word.span.start - b.word.span.start);
}

/** Where an image comes from, also when a variable stands in its later parts; undefined when one hides the registry. */
function placeOf(text: string): Place | undefined {
  const hidden = text.indexOf("$");
  if (hidden === -1) {
    const parsed = parseImageRef(text);
    return parsed.ok ? { domain: parsed.ref.domain.toLowerCase(), path: parsed.ref.path } : undefined;
  }
  const start = text.slice(0, hidden);
  const slash = start.lastIndexOf("/");
  // Before the first slash or tag it is not known whether a registry follows.
  if (slash === -1) return /^[a-z0-9._-]+[:@]$/.test(start) ? hub : undefined;
  const parsed = parseImageRef(`${start.slice(0, slash)}/x`);
  return parsed.ok ? { domain: parsed.ref.domain.toLowerCase(), path: undefined } : undefined;
}

const hub: Place = { domain: "docker.io", path: undefined };
