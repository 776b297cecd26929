/** Milliseconds since the process was started. `performance`, which says the same, takes as many to load. */
export const elapsedMs = (): number => process.uptime() * 1_000;
