/** Where the time goes, for `--stats`. */
import type { ComposeContext, Context, DockerignoreContext, Rule } from "../../core/rule.ts";

/** Milliseconds by name. */
export interface Times {
  readonly phases: Readonly<Record<string, number>>;
  readonly rules: Readonly<Record<string, number>>;
}

export interface Clock {
  /** The rules, each with a watch on it. */
  rules(rules: readonly Rule[]): readonly Rule[];
  start(): void;
  /** What was done since the last one. */
  lap(phase: string): void;
  /** What was counted since it was last taken. */
  take(): Times;
}

export function createClock(now: () => number = () => performance.now()): Clock {
  let last = now();
  let phases: Record<string, number> = {};
  let rules: Record<string, number> = {};
  const add = (counts: Record<string, number>, name: string, since: number): void => {
    counts[name] = (counts[name] ?? 0) + now() - since;
  };
  return {
    rules: (all) =>
      all.map((rule) => {
        const timed = (check: () => void): void => {
          const began = now();
          try {
            check();
          } finally {
            add(rules, rule.id, began);
          }
        };
        if (rule.language === "dockerignore")
          return { ...rule, check: (context: DockerignoreContext) => timed(() => rule.check(context)) };
        return rule.language === "compose"
          ? { ...rule, check: (context: ComposeContext) => timed(() => rule.check(context)) }
          : { ...rule, check: (context: Context) => timed(() => rule.check(context)) };
      }),
    start() {
      last = now();
    },
    lap(phase) {
      add(phases, phase, last);
      last = now();
    },
    take() {
      const taken = { phases, rules };
      phases = {};
      rules = {};
      return taken;
    },
  };
}

export function addTimes(all: readonly Times[]): Times {
  const sum = (pick: (times: Times) => Readonly<Record<string, number>>): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const times of all)
      for (const [name, ms] of Object.entries(pick(times))) counts[name] = (counts[name] ?? 0) + ms;
    return counts;
  };
  return { phases: sum(({ phases }) => phases), rules: sum(({ rules }) => rules) };
}
