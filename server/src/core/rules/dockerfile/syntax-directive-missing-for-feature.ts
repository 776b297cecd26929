import {
  frontendOf,
  type Frontend,
  isBefore,
  type Missing,
  missingFor,
  type Since,
} from "../../model/dockerfile/frontend.ts";
import { HEREDOCS } from "../../model/dockerfile/heredoc.ts";
import { INSTRUCTIONS, MOUNT_TYPES } from "../../model/dockerfile/instructions.ts";
import type { Directive, Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { lexedParts } from "../../model/dockerfile/problems.ts";
import { hasVariable, referencesIn } from "../../model/dockerfile/variables.ts";
import { defineRule, type Fix, safeFix, unsafeFix } from "../../rule.ts";
import { insert, replace, type Span } from "../../text/edit.ts";
import { remoteKind } from "../../model/dockerfile/remote.ts";

export default defineRule({
  id: "syntax-directive-missing-for-feature",
  summary: "flag, mount or form that came after the declared syntax version",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: [],
  why: `
\`# syntax=docker/dockerfile:1.4\` fetches that version of the frontend, however new Docker is: a flag of a later one is unknown to
it, and the build stops. \`docker/dockerfile:1\` is always the newest, and a file without the line is read by the frontend inside
Docker: there, only what the labs channel alone has is reported. Versions are those of the frontend's release notes.`,
  fixSafety: `
Raising the version is safe: as it stands the build stops or reads something else than is written, and later versions of the same
frontend read what earlier ones did. Going over to the labs channel is unsafe: what it has may change.`,
  examples: [
    {
      bad: "# syntax=docker/dockerfile:1.4\nFROM alpine:3.22\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/a.tgz /a/\n",
      fixed:
        "# syntax=docker/dockerfile:1.6\nFROM alpine:3.22\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/a.tgz /a/\n",
    },
    {
      bad: "FROM alpine:3.22\nRUN --device=vendor.com/gpu=all nvidia-smi\n",
      fixed: "# syntax=docker/dockerfile:1-labs\nFROM alpine:3.22\nRUN --device=vendor.com/gpu=all nvidia-smi\n",
    },
    { good: "# syntax=docker/dockerfile:1\nFROM alpine:3.22\nCOPY --parents src/*/go.mod /src/\n" },
  ],
  check({ dockerfile, report }) {
    const frontend = frontendOf(dockerfile);
    if (frontend.kind === "custom") return;
    // Today's frontend can only miss what the labs channel alone has.
    if (frontend.kind === "current" && (frontend.labs || !LABS_ONLY.some((flag) => dockerfile.text.includes(flag))))
      return;
    const missed = dockerfile.all.flatMap((instruction) =>
      featuresOf(dockerfile, instruction).flatMap((feature) => {
        const missing = missingFor(frontend, feature.has);
        return missing ? [{ feature, missing }] : [];
      }),
    );
    if (missed.length === 0) return;
    const repair = repairFor(dockerfile, frontend, missed);
    for (const { feature, missing } of missed)
      report(feature.span, {
        message: messageFor(feature.what, frontend, missing, feature.has),
        ...(typeof repair === "string" ? { refusal: repair } : { fixes: [repair] }),
      });
  },
});

const LABS_ONLY: readonly string[] = [...INSTRUCTIONS.values()].flatMap(({ flags }) =>
  flags.flatMap(({ name, since, labs }) => (since === undefined && labs !== undefined ? [name] : [])),
);

interface Feature {
  readonly what: string;
  readonly span: Span;
  readonly has: Since;
}

const SYMBOLIC_MODE: Since = { since: "1.14", labs: "1.11" };
const MOUNT_VARIABLE: Since = { since: "1.3" };
const GIT_SOURCE: Since = { since: "1.6", labs: "1.1" };
const GIT_CHECKSUM: Since = { since: "1.16" };
const TRIGGERED_FROM: Since = { since: "1.11" };
/** `${x-y}` without a colon, and what takes a part away or puts another in its place. */
const PLAIN_MODIFIER: Since = { since: "1.6" };
const SUBSTITUTION: Since = { since: "1.7" };

function featuresOf(dockerfile: Dockerfile, instruction: Instruction): readonly Feature[] {
  const { name, heredocs } = instruction;
  return [
    ...flagFeatures(instruction),
    ...heredocs.map(({ marker }) => ({ what: `The heredoc of ${name}`, span: marker, has: HEREDOCS })),
    ...gitFeatures(instruction),
    ...variableFeatures(dockerfile, instruction),
  ];
}

function flagFeatures({ name, flags, triggered }: Instruction): readonly Feature[] {
  const specs = INSTRUCTIONS.get(name)?.flags ?? [];
  return flags.flatMap((flag): Feature[] => {
    const spec = specs.find((each) => each.name === flag.name);
    if (!spec) return [];
    const what = `${name} ${flag.name}`;
    const features: Feature[] = [{ what, span: flag.nameSpan, has: spec }];
    if (
      spec.value === "permissions" &&
      flag.value &&
      !/^[0-7]*$/.test(flag.value.text) &&
      !hasVariable(flag.value.text)
    )
      features.push({ what: `The symbolic ${flag.name}`, span: flag.value.span, has: SYMBOLIC_MODE });
    if (triggered && spec.value === "source")
      features.push({ what: `${what} behind ONBUILD`, span: flag.nameSpan, has: TRIGGERED_FROM });
    return spec.value === "mount" ? [...features, ...mountFeatures(flag.fields, triggered)] : features;
  });
}

function mountFeatures(fields: Instruction["flags"][number]["fields"], triggered: boolean): readonly Feature[] {
  const type = fields.find(({ key }) => key === "type")?.value?.toLowerCase() ?? "bind";
  const options = MOUNT_TYPES.find(({ name }) => name === type)?.options ?? [];
  return fields.flatMap(({ key, keySpan, value, valueSpan }): Feature[] => {
    const option = options.find(({ name, aliases }) => name === key || aliases.includes(key));
    return [
      ...(option ? [{ what: `The mount option ${key}`, span: keySpan, has: option }] : []),
      ...(value !== undefined && valueSpan && hasVariable(value)
        ? [{ what: "A variable in a mount", span: valueSpan, has: MOUNT_VARIABLE }]
        : []),
      ...(triggered && key === "from" ? [{ what: "from= behind ONBUILD", span: keySpan, has: TRIGGERED_FROM }] : []),
    ];
  });
}

function gitFeatures({ name, words, flags }: Instruction): readonly Feature[] {
  if (name !== "ADD") return [];
  const repository = words.slice(0, -1).find(({ text }) => remoteKind(text) === "git");
  if (!repository) return [];
  const checksum = flags.find((flag) => flag.name === "--checksum");
  return [
    { what: "ADD of a Git repository", span: repository.span, has: GIT_SOURCE },
    ...(checksum ? [{ what: "--checksum for a Git repository", span: checksum.nameSpan, has: GIT_CHECKSUM }] : []),
  ];
}

function variableFeatures({ escape }: Dockerfile, instruction: Instruction): readonly Feature[] {
  return lexedParts(instruction).flatMap(({ text, span }) =>
    referencesIn(text, escape).flatMap(({ modifier, start, end }): Feature[] => {
      if (modifier === undefined || modifier.startsWith(":")) return [];
      const has = /^[-+?]/.test(modifier) ? PLAIN_MODIFIER : SUBSTITUTION;
      return [{ what: `\${…${modifier}…}`, span: span(start, end), has }];
    }),
  );
}

function messageFor(what: string, frontend: Frontend, missing: Missing, { labs }: Since): string {
  if (missing.kind === "labs")
    return `${what} will not be understood: only the labs channel has it, since ${labs ?? "1"}`;
  const declared = frontend.kind === "version" ? frontend.version : "an older version";
  return `${what} will not be understood: # syntax= asks for ${declared}, and ${missing.needed} is the first to have it`;
}

/** The one change that gives the file all it misses, or why there is none. */
function repairFor(
  dockerfile: Dockerfile,
  frontend: Frontend,
  missed: readonly { readonly feature: Feature; readonly missing: Missing }[],
): Fix | string {
  const toLabs = missed.some(({ missing }) => missing.kind === "labs");
  const directive = dockerfile.directives.find(({ name }) => name === "syntax");
  if (!directive) {
    const start = dockerfile.text.charCodeAt(0) === 0xfeff ? 1 : 0;
    const line = `# syntax=docker/dockerfile:1-labs${dockerfile.eol}`;
    return unsafeFix("Declare the labs channel of the syntax", insert(start, line));
  }
  const tag = tagOf(directive);
  if (!tag || directive.value.text.includes("@"))
    return "the frontend is pinned to a digest: its version has to be looked up";
  const declared = frontend.kind === "version" ? frontend.version : undefined;
  const needs = missed.map(({ feature: { has }, missing }) =>
    missing.kind === "version" ? missing.needed : (has.labs ?? "1.0"),
  );
  const needed = [...needs, ...(declared === undefined ? [] : [declared])].reduce((a, b) => (isBefore(a, b) ? b : a));
  const version = declared === undefined ? tag.text : needed;
  if (!toLabs) return safeFix(`Ask for the syntax ${version}`, replace(tag.version, version));
  return unsafeFix(`Ask for the syntax ${version}-labs`, replace(tag.span, `${version}-labs`));
}

interface Tag {
  readonly text: string;
  readonly span: Span;
  /** Its numbers, in `1.4-labs` those in front of the hyphen. */
  readonly version: Span;
}

function tagOf({ value }: Directive): Tag | undefined {
  const image = value.text.split(/\s/)[0] ?? "";
  const found = /:(\d[\d.]*)([\w.-]*)$/.exec(image);
  const text = found?.[1];
  if (!found || text === undefined) return undefined;
  const start = value.span.start + found.index + 1;
  const version = { start, end: start + text.length };
  return { text, version, span: { start, end: value.span.start + image.length } };
}
