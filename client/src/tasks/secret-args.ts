/** Values of build arguments that are secret: kept while the window is open, and in no file, task or setting. */

const values = new Map<string, Map<string, string>>();

export function keepSecret(dockerfile: string, name: string, value: string): void {
  values.set(dockerfile, (values.get(dockerfile) ?? new Map<string, string>()).set(name, value));
}

export const secretsKept = (dockerfile: string): readonly string[] => [...(values.get(dockerfile)?.keys() ?? [])];

/** Puts the values in where a name stands without one. */
export const withSecrets = (
  dockerfile: string,
  args: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string | null>> =>
  Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, value ?? values.get(dockerfile)?.get(name) ?? null]),
  );
