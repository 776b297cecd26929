/** Names of variables whose values are not shown: somebody may look over a shoulder, or at a recording. */
export const isSecret = (name: string): boolean => /pass|pwd|secret|token|key|credential|private|auth/i.test(name);
