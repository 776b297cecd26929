/**
 * What compose 2.40 does and the schema inside dclint does not say: compose ships a newer schema, and reads some values behind
 * it (compose-go's loader/interpolate.go for what it casts, types/ for what it decodes). Each was asked of the real compose.
 * Places are the steps through the schema, with slashes, because names have dots.
 */
import type { JsonSchema } from "./json-schema.ts";

interface Patch {
  readonly at: string;
  readonly value: unknown;
  readonly because: string;
}

const SERVICE = "definitions/service/properties";
const BUILD = `${SERVICE}/build/oneOf/1/properties`;
const DEPLOY = "definitions/deployment/properties";
const LIMITS = `${DEPLOY}/resources/properties/limits/properties`;
const RESERVATIONS = `${DEPLOY}/resources/properties/reservations/properties`;
const GENERIC = "definitions/generic_resources/items/properties/discrete_resource_spec/properties";
const BLKIO = `${SERVICE}/blkio_config/properties`;
const HEALTHCHECK = "definitions/healthcheck/properties";
const HOOK = "definitions/service_hook/properties";
const WATCH = "definitions/development/properties/watch/items/properties";
const PORT = `${SERVICE}/ports/items/oneOf/2`;
const VOLUME = `${SERVICE}/volumes/items/oneOf/1`;
const NAMES = "^[a-zA-Z0-9._-]+$";
const ENDPOINT = `${SERVICE}/networks/oneOf/1/patternProperties/${NAMES}/oneOf/0/properties`;
const ULIMIT = "definitions/ulimits/patternProperties/^[a-z]+$/oneOf";
const MOUNTED_FILE = "definitions/service_config_or_secret/items/oneOf/1/properties";

const STRINGS: JsonSchema = { type: "array", items: { type: "string" } };
const DISTINCT: JsonSchema = { ...STRINGS, uniqueItems: true };
const DISTINCT_STRINGS = "#/definitions/distinct_strings";
const DISTINCT_PAIRS = "#/definitions/distinct_pairs";

const newer = (at: string, value: JsonSchema): Patch => ({ at, value, because: "compose 2.40 has the key" });
const mayRepeat = (at: string): Patch => ({
  at: `${at}/uniqueItems`,
  value: false,
  because: "compose drops what is there twice, before it validates",
});
const notBelowZero = (at: string): Patch => ({ at: `${at}/minimum`, value: 0, because: "it is decoded as unsigned" });

export const PATCHES: readonly Patch[] = [
  newer("definitions/development/properties/watch/items/properties/initial_sync", { type: "boolean" }),
  newer(`${BUILD}/provenance`, { type: ["string", "boolean"] }),
  newer(`${BUILD}/sbom`, { type: ["string", "boolean"] }),
  {
    at: `${SERVICE}/models/oneOf/1/patternProperties/${NAMES}/type`,
    value: ["object", "null"],
    because: "compose 2.40 takes a model without settings",
  },
  { at: `${SERVICE}/container_name/pattern`, value: undefined, because: "a rule of its own says what names may be" },
  { at: `${SERVICE}/pid/type`, value: "string", because: "compose 2.40 crashes on a null" },
  {
    at: `${VOLUME}/required`,
    value: ["type", "target"],
    because: "a volume without target is refused behind the schema",
  },
  { at: `${PORT}/required`, value: ["target"], because: "a port without target is refused behind the schema" },
  {
    at: `${SERVICE}/devices/items/oneOf/1/required`,
    value: ["source", "target"],
    because: "a device without target is refused behind the schema",
  },
  {
    at: `${SERVICE}/expose/items/type`,
    value: ["string", "integer"],
    because: "a port with a fraction is refused behind the schema",
  },
  ...[`${BLKIO}/weight`, "definitions/blkio_weight/properties/weight"].map((at) => ({
    at: `${at}/type`,
    value: "integer",
    because: "text is not decoded",
  })),
  {
    at: `${BUILD}/ulimits`,
    value: {
      type: "object",
      patternProperties: {
        "^[a-z]+$": {
          oneOf: [
            { type: "integer" },
            {
              type: "object",
              properties: { hard: { type: "integer" }, soft: { type: "integer" } },
              required: ["soft", "hard"],
              additionalProperties: false,
              patternProperties: { "^x-": {} },
            },
          ],
        },
      },
    },
    because: "text is not decoded in a build",
  },
  { at: `${VOLUME}/properties/tmpfs/properties/mode/type`, value: "number", because: "text is not decoded" },
  ...["cap_add", "cap_drop", "dns_opt", "expose", "ports", "volumes"].map((key) => mayRepeat(`${SERVICE}/${key}`)),
  mayRepeat("definitions/list_or_dict/oneOf/1"),
  ...[
    "definitions/string_or_list/oneOf/1",
    `${SERVICE}/profiles`,
    `${ENDPOINT}/aliases`,
    `${ENDPOINT}/link_local_ips`,
  ].map((at) => ({
    at,
    value: STRINGS,
    because: "a list of strings, of which compose drops those that are there twice before it validates",
  })),
  {
    at: "definitions/distinct_strings",
    value: { oneOf: [{ type: "string" }, DISTINCT] },
    because: "where compose does not drop what is there twice, it refuses it",
  },
  {
    at: "definitions/distinct_pairs",
    value: {
      oneOf: [
        {
          type: "object",
          patternProperties: { ".+": { type: ["string", "number", "boolean", "null"] } },
          additionalProperties: false,
        },
        DISTINCT,
      ],
    },
    because: "where compose does not drop what is there twice, it refuses it",
  },
  ...[`${WATCH}/ignore`, `${WATCH}/include`].map((at) => ({
    at,
    value: { $ref: DISTINCT_STRINGS },
    because: "compose refuses what is there twice",
  })),
  ...[
    "definitions/config/properties/labels",
    "definitions/secret/properties/labels",
    "definitions/volume/properties/labels",
    "definitions/service_hook/properties/environment",
    "definitions/devices/items/properties/options",
    "definitions/gpus/oneOf/1/items/properties/options",
    `${VOLUME}/properties/volume/properties/labels`,
  ].map((at) => ({ at, value: { $ref: DISTINCT_PAIRS }, because: "compose refuses what is there twice" })),
  { at: "definitions/include/oneOf/2", value: { type: "null" }, because: "compose passes over an empty item" },
  { at: "properties/include/type", value: ["array", "null"], because: "compose passes over it" },
  {
    at: "definitions/include/oneOf/1/properties/project_directory/type",
    value: ["string", "null"],
    because: "compose passes over it",
  },
  {
    at: `${SERVICE}/group_add/items/type`,
    value: ["string", "integer"],
    because: "a fraction is not decoded",
  },
  { at: `${MOUNTED_FILE}/mode/type`, value: ["integer", "string"], because: "a fraction is not decoded" },
  {
    at: "definitions/secret/properties/driver_opts/patternProperties/^.+$/type",
    value: ["string", "integer"],
    because: "a fraction is not decoded",
  },
  {
    at: `${SERVICE}/storage_opt/patternProperties`,
    value: { ".+": { type: ["string", "integer", "null"] } },
    because: "other values are not decoded",
  },
  notBelowZero(`${BLKIO}/weight`),
  notBelowZero("definitions/blkio_weight/properties/weight"),
  notBelowZero(`${VOLUME}/properties/tmpfs/properties/mode`),
  notBelowZero(`${SERVICE}/scale`),
  notBelowZero(`${HEALTHCHECK}/retries`),
  notBelowZero(`${PORT}/properties/target`),
  notBelowZero(`${DEPLOY}/replicas`),
  notBelowZero(`${DEPLOY}/placement/properties/max_replicas_per_node`),
  notBelowZero(`${DEPLOY}/restart_policy/properties/max_attempts`),
  notBelowZero(`${DEPLOY}/update_config/properties/parallelism`),
  notBelowZero(`${DEPLOY}/rollback_config/properties/parallelism`),
];

const all = (grammar: string, folder: string, ...keys: readonly string[]): readonly (readonly [string, string])[] =>
  keys.map((key) => [`${folder}/${key}`, grammar]);

/** How the text of a value is read. */
export const GRAMMARS: Readonly<Record<string, string>> = Object.fromEntries([
  ...all("duration", HEALTHCHECK, "interval", "start_interval", "start_period", "timeout"),
  ...all("duration", SERVICE, "stop_grace_period"),
  ...all("duration", `${DEPLOY}/restart_policy/properties`, "delay", "window"),
  ...all("duration", `${DEPLOY}/update_config/properties`, "delay", "monitor"),
  ...all("duration", `${DEPLOY}/rollback_config/properties`, "delay", "monitor"),
  ...all("bytes", SERVICE, "mem_limit", "mem_reservation", "memswap_limit", "mem_swappiness", "shm_size"),
  ...all("bytes", BUILD, "shm_size"),
  ...all("bytes", LIMITS, "memory"),
  ...all("bytes", RESERVATIONS, "memory"),
  ...all("bytes", "definitions/blkio_limit/properties", "rate"),
  ...all("bytes", `${VOLUME}/properties/tmpfs/properties`, "size"),
  ...all("int", SERVICE, "cpu_count", "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares"),
  ...all("int", SERVICE, "oom_score_adj", "pids_limit", "scale"),
  ...all("int", DEPLOY, "replicas"),
  ...all("int", `${DEPLOY}/placement/properties`, "max_replicas_per_node"),
  ...all("int", `${DEPLOY}/restart_policy/properties`, "max_attempts"),
  ...all("int", `${DEPLOY}/update_config/properties`, "parallelism"),
  ...all("int", `${DEPLOY}/rollback_config/properties`, "parallelism"),
  ...all("int", HEALTHCHECK, "retries"),
  ...all("int", `${PORT}/properties`, "target"),
  ...all("int", ULIMIT, "0", "1/properties/hard", "1/properties/soft"),
  ...all("int", LIMITS, "pids"),
  ...all("int", GENERIC, "value"),
  ...all("float", SERVICE, "cpu_percent", "cpus"),
  ...all("float", LIMITS, "cpus"),
  ...all("float", RESERVATIONS, "cpus"),
  ...all("float", `${DEPLOY}/update_config/properties`, "max_failure_ratio"),
  ...all("float", `${DEPLOY}/rollback_config/properties`, "max_failure_ratio"),
  ...all("octal", MOUNTED_FILE, "mode"),
  ...all("count", "definitions/devices/items/properties", "count"),
  ...all("count", "definitions/gpus/oneOf/1/items/properties", "count"),
  ...all("bool", SERVICE, "attach", "init", "oom_kill_disable", "privileged", "read_only", "stdin_open", "tty"),
  ...all("bool", BUILD, "no_cache", "privileged", "pull"),
  ...all("bool", HEALTHCHECK, "disable"),
  ...all("bool", HOOK, "privileged"),
  ...all("bool", `${SERVICE}/depends_on/oneOf/1/patternProperties/${NAMES}/properties`, "restart"),
  ...all("bool", "definitions/env_file/oneOf/1/items/oneOf/1/properties", "required"),
  ...all("bool", `${VOLUME}/properties`, "read_only"),
  ...all("bool", `${VOLUME}/properties/bind/properties`, "create_host_path"),
  ...all("bool", `${VOLUME}/properties/volume/properties`, "nocopy"),
  ...all("bool", "definitions/network/properties", "attachable", "enable_ipv4", "enable_ipv6", "external", "internal"),
  ...["volume", "secret", "config"].flatMap((name) => all("bool", `definitions/${name}/properties`, "external")),
]);

const CAPABILITIES = [
  ...["ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN"],
  ...["DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE"],
  ...["LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST"],
  ...["NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT"],
  ...["SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG"],
  ...["SYSLOG", "WAKE_ALARM"],
];

/** Values that are known where the schema takes any text; for completion, and never a reason for an error. */
export const KNOWN_VALUES: Readonly<Record<string, readonly string[]>> = {
  [`${SERVICE}/restart`]: ["no", "always", "on-failure", "unless-stopped"],
  [`${SERVICE}/pull_policy`]: ["always", "never", "missing", "if_not_present", "build", "daily", "weekly"],
  [`${SERVICE}/network_mode`]: ["bridge", "host", "none"],
  [`${SERVICE}/ipc`]: ["host", "none", "private", "shareable"],
  [`${SERVICE}/pid`]: ["host"],
  [`${SERVICE}/userns_mode`]: ["host"],
  [`${SERVICE}/uts`]: ["host"],
  [`${SERVICE}/isolation`]: ["default", "hyperv", "process"],
  [`${SERVICE}/cap_add/items`]: CAPABILITIES,
  [`${SERVICE}/cap_drop/items`]: CAPABILITIES,
  [`${SERVICE}/security_opt/items`]: ["no-new-privileges:true", "apparmor:unconfined", "seccomp:unconfined"],
  [`${SERVICE}/logging/properties/driver`]: [
    ...[
      "json-file",
      "local",
      "none",
      "journald",
      "syslog",
      "fluentd",
      "gelf",
      "awslogs",
      "gcplogs",
      "splunk",
      "etwlogs",
    ],
  ],
  [`${PORT}/properties/protocol`]: ["tcp", "udp", "sctp"],
  [`${PORT}/properties/mode`]: ["ingress", "host"],
  [`${VOLUME}/properties/bind/properties/propagation`]: [
    ...["private", "rprivate", "shared", "rshared", "slave", "rslave"],
  ],
  [`${BUILD}/network`]: ["default", "host", "none"],
  [`${BUILD}/entitlements/items`]: ["network.host", "security.insecure"],
  [`${DEPLOY}/mode`]: ["replicated", "global", "replicated-job", "global-job"],
  [`${DEPLOY}/endpoint_mode`]: ["vip", "dnsrr"],
  [`${DEPLOY}/restart_policy/properties/condition`]: ["none", "on-failure", "any"],
  [`${DEPLOY}/update_config/properties/failure_action`]: ["continue", "pause", "rollback"],
  [`${DEPLOY}/rollback_config/properties/failure_action`]: ["continue", "pause"],
  ["definitions/network/properties/driver"]: ["bridge", "host", "ipvlan", "macvlan", "none", "overlay"],
  ["definitions/volume/properties/driver"]: ["local"],
  ["definitions/env_file/oneOf/1/items/oneOf/1/properties/format"]: ["raw"],
};
