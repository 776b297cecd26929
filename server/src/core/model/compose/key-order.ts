/** The order of keys that people have agreed on: what it is, what it needs, its data, its network, how it runs. */

/** At the top of a file; extensions `x-…` come before all of these. */
export const TOP_KEYS: readonly string[] = [
  "version",
  "name",
  "include",
  "services",
  "networks",
  "volumes",
  "secrets",
  "configs",
];

/** Of a service. Others come behind these. */
export const SERVICE_KEYS: readonly string[] = [
  "image",
  "build",
  "container_name",
  "depends_on",
  "volumes",
  "volumes_from",
  "configs",
  "secrets",
  "environment",
  "env_file",
  "ports",
  "networks",
  "network_mode",
  "extra_hosts",
  "command",
  "entrypoint",
  "working_dir",
  "restart",
  "healthcheck",
  "logging",
  "labels",
  "user",
  "isolation",
];

/** Where a key goes in a service that has the others in this order: behind those that come before it. */
export const keysBefore = (key: string): readonly string[] => {
  const index = SERVICE_KEYS.indexOf(key);
  return index < 0 ? [] : SERVICE_KEYS.slice(0, index);
};
