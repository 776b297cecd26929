/** What snippets put into a file: complete, without a finding under `strict`, and with tab stops where something has to be decided. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { EXAMPLE_DIGEST } from "../../scripts/snippets/tab-stops.ts";
import { inspect, type Kind } from "../../server/src/core/findings/inspect.ts";
import { defaultSettings, type Settings } from "../../server/src/core/findings/settings.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { type Contributed, expanded, snippetsIn, stopsOf } from "./expand.ts";
import { wholeCompose, wholeDockerfile } from "./frames.ts";

const STRICT: Settings = { ...defaultSettings, profile: "strict" };
const dockerfiles = snippetsIn("dockerfile");
const compose = snippetsIn("compose");
const yaml = snippetsIn("yaml");
const all: readonly Contributed[] = [...dockerfiles.values(), ...compose.values(), ...yaml.values()];

function findingsIn(text: string, as: Kind): readonly string[] {
  const { findings, crashes } = inspect(text, rules, STRICT, { get: () => undefined }, as);
  assert.deepEqual(crashes, []);
  return findings.map(
    ({ rule, message, span }) => `${rule}: ${message} (${text.slice(span.start, span.end).split("\n")[0]})`,
  );
}

describe("snippets of Dockerfiles", () => {
  for (const [prefix, snippet] of dockerfiles)
    test(`${prefix}: nothing is found under strict`, () => {
      const text = wholeDockerfile(prefix, expanded(snippet));
      assert.deepEqual(findingsIn(text, { language: "dockerfile", name: "Dockerfile" }), [], text);
    });

  test("there is one for each of these", () => {
    const wanted =
      "node nextjs vite python-pip python-uv python-poetry fastapi django go go-distroless rust java-maven java-gradle spring-maven spring-gradle dotnet ruby php elixir cpp";
    assert.deepEqual(
      [...dockerfiles.keys()].filter((prefix) => prefix.startsWith("dockerfile-")).toSorted(),
      wanted
        .split(" ")
        .map((name) => `dockerfile-${name}`)
        .toSorted(),
    );
  });

  test("those that build anything have several stages, a user and a health check", () => {
    for (const [prefix, snippet] of dockerfiles) {
      if (!prefix.startsWith("dockerfile-")) continue;
      const text = expanded(snippet);
      assert.ok([...text.matchAll(/^FROM /gm)].length > 1, prefix);
      assert.match(text, /^USER \d+:\d+$/m, prefix);
      assert.match(text, /^HEALTHCHECK /m, prefix);
      assert.match(text, /--mount=type=(?:cache|bind),/, prefix);
    }
  });

  test("every image has its digest in a tab stop, one stop for the same image", () => {
    for (const snippet of [...dockerfiles.values(), ...compose.values(), ...yaml.values()]) {
      const text = expanded(snippet);
      const images = new Set(
        [...text.matchAll(new RegExp(`([^\\s=]+)@${EXAMPLE_DIGEST}`, "g"))].map(([, image]) => image),
      );
      const digests = [...stopsOf(snippet).values()].filter((stop) => stop === `@${EXAMPLE_DIGEST}`);
      assert.equal(digests.length, images.size, snippet.prefix);
    }
  });
});

describe("snippets of compose files", () => {
  for (const [prefix, snippet] of compose)
    test(`${prefix}: nothing is found under strict`, () => {
      const text = wholeCompose(prefix, expanded(snippet));
      const pieces = /^service-(?:healthcheck|limits|hardening)$/.test(prefix);
      const found = findingsIn(text, { language: "compose", name: "compose.yaml" });
      // A piece of a service leaves open what the other pieces are for.
      if (!pieces) assert.deepEqual(found, [], text);
      else
        assert.deepEqual(parse(text) !== null && found.filter((each) => /schema|syntax|unknown/.test(each)), [], text);
    });

  test("whole services are checked for health and have limits", () => {
    for (const [prefix, snippet] of compose) {
      const { services } = parse(wholeCompose(prefix, expanded(snippet))) as {
        services: Record<string, { healthcheck?: object; deploy?: { resources?: { limits?: object } } }>;
      };
      if (/^service-(?:healthcheck|limits|hardening)$/.test(prefix)) continue;
      for (const [name, service] of Object.entries(services)) {
        assert.ok(service.healthcheck, `${prefix}: ${name}`);
        assert.deepEqual(
          Object.keys(service.deploy?.resources?.limits ?? {}),
          ["cpus", "memory", "pids"],
          `${prefix}: ${name}`,
        );
      }
    }
  });
});

interface Container {
  readonly image: string;
  readonly startupProbe?: object;
  readonly livenessProbe?: object;
  readonly readinessProbe?: object;
  readonly resources: { readonly requests: object; readonly limits: { readonly memory?: string } };
  readonly ports: readonly { readonly containerPort: number }[];
  readonly securityContext: Readonly<Record<string, unknown>>;
}
interface Deployment {
  readonly kind: string;
  readonly spec: {
    readonly selector: { readonly matchLabels: object };
    readonly template: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly automountServiceAccountToken: boolean;
        readonly securityContext: Readonly<Record<string, unknown>>;
        readonly containers: readonly Container[];
      };
    };
  };
}
interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<
      string,
      { readonly permissions: object; readonly "timeout-minutes": number; readonly steps: readonly Step[] }
    >
  >;
}

describe("snippets for Kubernetes and CI", () => {
  const textOf = (prefix: string): string => {
    const snippet = yaml.get(prefix);
    assert.ok(snippet);
    return expanded(snippet);
  };

  test("the Deployment has probes, limits and no rights", () => {
    const { kind, spec } = parse(textOf("kubernetes-deployment")) as Deployment;
    const { metadata, spec: pod } = spec.template;
    assert.equal(kind, "Deployment");
    assert.deepEqual(metadata.labels, spec.selector.matchLabels);
    assert.equal(pod.automountServiceAccountToken, false);
    assert.deepEqual(pod.securityContext, {
      ...{ runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001 },
      seccompProfile: { type: "RuntimeDefault" },
    });
    const [container] = pod.containers;
    assert.ok(container?.startupProbe && container.livenessProbe && container.readinessProbe);
    assert.deepEqual(container.securityContext, {
      ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
      capabilities: { drop: ["ALL"] },
    });
    assert.ok(container.resources.limits.memory);
    assert.match(container.image, /@sha256:0{64}$/);
  });

  test("the workflow builds, scans and signs, with actions by commit and no more rights than it needs", () => {
    const snippet = yaml.get("ci-github-actions");
    assert.ok(snippet);
    const { permissions, jobs } = parse(textOf("ci-github-actions")) as Workflow;
    assert.deepEqual(permissions, {});
    const steps = Object.values(jobs).flatMap((job) => {
      assert.ok(job.permissions);
      assert.ok(job["timeout-minutes"] > 0);
      return job.steps;
    });
    const actions = steps.flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
    for (const part of [
      "docker/build-push-action",
      "anchore/scan-action",
      "anchore/sbom-action",
      "sigstore/cosign-installer",
    ])
      assert.ok(
        actions.some((action) => action.startsWith(`${part}@`)),
        part,
      );
    assert.ok(steps.some(({ run }) => run?.includes("cosign sign")));
    // Each commit is a stop: a placeholder that no run takes for a commit until somebody has looked it up.
    const stops = new Set(stopsOf(snippet).values());
    for (const action of actions) assert.ok(stops.has(action.slice(action.indexOf("@") + 1)), action);
  });
});

describe("all snippets", () => {
  test("are found by what they are for, and say in plain words what they do", () => {
    const words =
      /^(?:dockerfile|healthcheck|user|run|copy|compose|service|kubernetes|ci)-[a-z0-9-]+$|^(?:labels|multi-platform)$/;
    for (const { prefix, description } of all) {
      assert.match(prefix, words);
      assert.match(description, /^\S.{10,120}[^.]$/, prefix);
    }
    assert.equal(new Set(all.map(({ prefix }) => prefix)).size, all.length);
  });

  test("stops are numbered without a gap, and the cursor ends behind the text", () => {
    for (const snippet of all) {
      const numbers = [...stopsOf(snippet).keys()].toSorted((a, b) => a - b);
      assert.deepEqual(
        numbers,
        numbers.map((_, at) => at + 1),
        snippet.prefix,
      );
      assert.ok(numbers.length > 0, snippet.prefix);
      assert.equal(snippet.body.at(-1), "$0", snippet.prefix);
    }
  });
});
