import { cacheMountFor, placesOf } from "../../assists/dockerfile/cache-mount.ts";
import { usesIn } from "../../model/dockerfile/cache-uses.ts";
import type { CacheRow } from "../../model/dockerfile/caches.ts";
import { defineRule } from "../../rule.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "cache-mount-missing",
  summary: "packages downloaded again with every build",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: [],
  why: `
When one line of a manifest changes, the \`RUN\` that installs from it starts from nothing and downloads everything again. A cache
mount, \`RUN --mount=type=cache,target=…\`, is a folder that the builder keeps from build to build and that no layer holds: only
what is new is downloaded, and there is nothing to clean up afterwards.

The folder is that of the package manager for the user in force: \`/root/.npm\` for root, \`/home/node/.npm\` with \`uid=1000\` for the
node user, wherever \`PIP_CACHE_DIR\`, \`GOMODCACHE\`, \`CARGO_HOME\` and the like lead, and never one that holds what the image needs
later. apt, Yarn, Maven and Gradle get \`sharing=locked\`, because two of them must not write at the same time; in a file that builds for
several platforms apt and apk get an id of their own for each. What would keep the cache empty is reported as well when
there is a mount: \`--no-cache-dir\`, a \`cache clean\`, deleting the folder, and the hook in Debian's and Ubuntu's images,
\`/etc/apt/apt.conf.d/docker-clean\`, that deletes each package after it was installed.

Known are apt, apk, npm, Yarn, pnpm, bun, pip, uv, Poetry, Go, Cargo, Maven, Gradle, NuGet, Composer and Bundler.
A builder without BuildKit does not know cache mounts, and a builder that is new for each build (most CI) has nothing in them: that
is why the rule is in the strict profile.`,
  fixSafety: `
Unsafe: the image holds the same packages, but the file then needs BuildKit, a cache that outlives the build can hide that a download
is gone, and the commands that cleaned up are taken out. Where later commands read the folder (Go, Cargo, Maven, Gradle, NuGet, and apt's lists)
every \`RUN\` of that tool gets the mount in one fix; it is refused where a script, a \`COPY --from\` or the start of the image may
need what is in it.`,
  examples: [
    {
      bad: "FROM node:24\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\n",
      fixed:
        "FROM node:24\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n",
    },
    {
      bad: "FROM debian:13\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
      fixed:
        "FROM debian:13\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update && apt-get install -y curl\n",
    },
    {
      bad: "FROM python:3.14\nRUN --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir -r requirements.txt\n",
      fixed: "FROM python:3.14\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n",
    },
    { good: "FROM node:24\nRUN --mount=type=cache,target=/root/.npm npm ci\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of allNamed(dockerfile, "RUN")) {
      for (const use of usesIn(dockerfile, instruction)) {
        if (!use.downloads || use.elsewhere) continue;
        const { command } = use.program;
        const [obstacle] = use.obstacles;
        if (use.mounted) {
          if (obstacle)
            report(obstacle.span, {
              message: `The cache mount of ${use.row.tool} stays empty: ${obstacle.reason}`,
              remedy: () => cacheMountFor(dockerfile, use),
            });
        } else
          report(
            { start: command.nameWord?.span.start ?? command.span.start, end: use.end },
            {
              message: `${use.row.tool} downloads everything again whenever this RUN is built: a cache mount${placesOf(use)} keeps it`,
              ...(isOfSystem(use.row) && { profile: "all" as const }),
              remedy: () => cacheMountFor(dockerfile, use),
            },
          );
      }
    }
  },
});

/** Packages of the distribution change seldom: the case is weaker. */
const isOfSystem = ({ tool }: CacheRow): boolean => tool === "apt" || tool === "apk";
