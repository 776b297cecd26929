/** Whether a second stage would leave anything out, and what would help where it would not. */
import { usersOf } from "../../../model/dockerfile/facts.ts";
import { noBenefit, type Verdict } from "../recipe.ts";
import { compilersLeft } from "./node-runtime.ts";
import type { NodeCase } from "./node-server.ts";

/** Undefined where it would. */
export function plainVerdict({ it, base, facts, runtime, pruned, output }: NodeCase): Verdict | undefined {
  if (runtime.isSmaller || compilersLeft(it).length > 0) return undefined;
  const builds = facts.builds.length > 0;
  if (builds && (pruned.between || output)) return undefined;
  const install = facts.installs.find((each) => !each.withoutDevelopment);
  return noBenefit(
    builds
      ? `${base.written} has no compiler, and what the build needs cannot be told from what runs`
      : `${base.written} has no compiler, and nothing is built`,
    ...(pruned.kept !== undefined && pruned.kept !== "you chose so" && builds ? [pruned.kept] : []),
    ...(install && !builds && facts.project?.devDependencies.size !== 0 ? [OMIT[install.manager]] : []),
    ...(usersOf(it.dockerfile, it.stage).length === 0
      ? [`USER ${base.name === "oven/bun" ? "bun" : "node"}, an account the image has`]
      : []),
    "a cache mount for what is fetched, which makes builds faster",
  );
}

const OMIT: Readonly<Record<NonNullable<NodeCase["facts"]["installs"][number]>["manager"], string>> = {
  npm: "npm ci --omit=dev, which leaves development dependencies out",
  yarn: "yarn install --production, which leaves development dependencies out",
  "yarn berry": "yarn workspaces focus --production, which leaves development dependencies out",
  pnpm: "pnpm install --prod, which leaves development dependencies out",
  bun: "bun install --production, which leaves development dependencies out",
};
