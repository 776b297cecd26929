/** Where two answers of `docker compose config` differ, and where the fix of a rule may make them differ. */

/** The ways to what differs, names of services, networks and volumes as `*`, positions in lists left out; the order of lists counts. */
export function changedPaths(before: unknown, after: unknown): readonly string[] {
  const found = new Set<string>();
  const visit = (a: unknown, b: unknown, path: readonly string[]): void => {
    if (Array.isArray(a) && Array.isArray(b)) {
      for (let at = 0; at < Math.max(a.length, b.length); at++) visit(a[at], b[at], path);
      return;
    }
    if (isRecord(a) && isRecord(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) visit(a[key], b[key], [...path, key]);
      return;
    }
    if (a !== b) found.add(path.map((key, at) => (at === 1 ? "*" : key)).join("."));
  };
  visit(before, after, []);
  return [...found];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const LIMITS = /^services\.\*\.(?:deploy(?:\.resources(?:\.limits.*)?)?|cpus|mem_limit|pids_limit)$/;
const PORTS = /^services\.\*\.ports\.host_ip$/;

/** What the fix of a rule, or a rewrite, changes in what runs; those that are not here change nothing. */
const CHANGES: Readonly<Record<string, RegExp>> = {
  "compose-cap-add-all": /^services\.\*\.cap_add$/,
  "compose-capabilities": /^services\.\*\.cap_(?:add|drop)$/,
  "compose-cgroup-parent": /^services\.\*\.cgroup_parent$/,
  "compose-container-name-replicas": /^services\.\*\.(?:container_name|deploy|scale)/,
  "compose-cpu-limit": LIMITS,
  "compose-depends-unhealthy": /^services\.\*\.depends_on\.[^.]+\.condition$/,
  "compose-deploy-and-limits": LIMITS,
  "compose-env-file-missing": /^services\.\*\.env_file\.required$/,
  "compose-healthcheck": /^services\.\*\.healthcheck/,
  "compose-host-dir": /^services\.\*\.volumes/,
  "compose-host-ipc": /^services\.\*\.ipc$/,
  // Without the host's network a service is in the project's default one.
  "compose-host-network": /^services\.\*\.network(?:_mode|s)$|^networks$/,
  "compose-host-pid": /^services\.\*\.pid$/,
  "compose-host-userns": /^services\.\*\.userns_mode$/,
  "compose-memory-limit": LIMITS,
  "compose-no-new-privileges": /^services\.\*\.security_opt$/,
  // The same ports in another order.
  "compose-order-ports": /^services\.\*\.ports/,
  "compose-pids-limit": LIMITS,
  "compose-port-interface": PORTS,
  // An exposed port is a number or a text in what compose prints.
  "compose-port-quotes": /^services\.\*\.expose$/,
  "compose-privileged": /^services\.\*\.privileged$/,
  "compose-propagation": /^services\.\*\.volumes\.bind/,
  "compose-published-database-port": PORTS,
  "compose-read-only-root": /^services\.\*\.(?:read_only|tmpfs)$/,
  "compose-read-only-tmpfs": /^services\.\*\.tmpfs$/,
  "compose-restart-5": /^services\.\*\.(?:restart|deploy\.restart_policy\.max_attempts)$/,
  "compose-restart-missing": /^services\.\*\.restart$/,
  "compose-seccomp": /^services\.\*\.security_opt$/,
  "compose-security-opt": /^services\.\*\.security_opt$/,
  "compose-undefined-network": /^networks$/,
  "compose-undefined-volume": /^volumes$/,
  "compose-unused-config": /^configs(?:\.|$)/,
  "compose-unused-network": /^networks(?:\.|$)/,
  "compose-unused-secret": /^secrets(?:\.|$)/,
  "compose-unused-volume": /^volumes(?:\.|$)/,
  "compose-user-root": /^services\.\*\.user$/,
  harden:
    /^services\.\*\.(?:read_only|tmpfs|cap_drop|cap_add|security_opt|deploy|cpus|mem_limit|pids_limit|healthcheck|user|restart)(?:\.|$)/,
};

export const isExpected = (rule: string, path: string): boolean => CHANGES[rule]?.test(path) ?? false;
