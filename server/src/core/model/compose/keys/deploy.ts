/** The keys of `deploy`. */
import { below, type KeyDocs, labels } from "./doc.ts";
import { devices } from "./shared.ts";

const replacing = (what: string, back: boolean): KeyDocs => ({
  parallelism: { about: `How many containers are ${what} at a time; 0 means all of them` },
  delay: { about: "How long to wait between one group of containers and the next" },
  failure_action: {
    about: `What happens when ${back ? "the way back fails" : "an update fails"}`,
    values: {
      continue: "go on with the others",
      pause: "stop where it is",
      ...(!back && { rollback: "go back to what ran before" }),
    },
  },
  monitor: { about: "How long a new container is watched for failing" },
  max_failure_ratio: { about: "The share of containers that may fail without it counting as a failure, from 0 to 1" },
  order: {
    about: "Whether the old container stops before the new one starts, or afterwards",
    values: { "stop-first": "never two at once", "start-first": "both run for a while" },
  },
});

const resources = (verb: string): KeyDocs => ({
  cpus: { about: `How many processors ${verb}, as \`0.5\`` },
  memory: { about: `How much memory ${verb}, as \`512M\`` },
});

export const DEPLOY: KeyDocs = {
  mode: {
    about: "How many containers there are of the service",
    values: {
      replicated: "as many as `replicas` says",
      global: "one on every node",
      "replicated-job": "as many as `replicas` says, each until it is done",
      "global-job": "one on every node, each until it is done",
    },
  },
  endpoint_mode: {
    about: "How others find the service's containers",
    values: { vip: "one address for all of them", dnsrr: "the addresses of all of them, in turn" },
  },
  replicas: { about: "How many containers of the service run" },
  labels: labels("the service, not its containers"),
  rollback_config: { about: "How containers go back to what ran before an update", form: "map" },
  ...below("rollback_config", replacing("put back", true)),
  update_config: { about: "How containers are replaced when the service changes", form: "map" },
  ...below("update_config", replacing("replaced", false)),
  resources: {
    about: "What a container may use at most, and what is kept free for it",
    form: "map",
    usual: ["limits:", '  cpus: "${1:0.5}"', "  memory: ${2:256M}"],
  },
  "resources.limits": {
    about: "What a container may use at most",
    form: "map",
    usual: ['cpus: "${1:0.5}"', "memory: ${2:256M}"],
  },
  ...below("resources.limits", resources("a container may use")),
  "resources.limits.pids": { about: "How many processes a container may have" },
  "resources.reservations": { about: "What has to be free where a container is to run", form: "map" },
  ...below("resources.reservations", resources("is kept free for a container")),
  "resources.reservations.generic_resources": {
    about: "Resources of one's own kind that a node has to have",
    form: "list",
  },
  "resources.reservations.generic_resources.*.discrete_resource_spec": {
    about: "A resource that is counted",
    form: "map",
  },
  "resources.reservations.generic_resources.*.discrete_resource_spec.kind": { about: "The name of the resource" },
  "resources.reservations.generic_resources.*.discrete_resource_spec.value": { about: "How many of it" },
  "resources.reservations.devices": {
    about: "Devices, such as graphics cards, that a container needs",
    form: "list",
    usual: ["driver: ${1:nvidia}", "count: ${2:1}", "capabilities: [${3:gpu}]"],
  },
  ...below("resources.reservations.devices.*", devices),
  restart_policy: {
    about: "Whether and how containers are started again when they end; it comes before `restart`",
    form: "map",
  },
  "restart_policy.condition": {
    about: "When a container is started again",
    values: { none: "never", "on-failure": "when it ended with an error", any: "however it ended" },
  },
  "restart_policy.delay": { about: "How long to wait before starting it again" },
  "restart_policy.max_attempts": { about: "How often it is tried before giving up; for ever when nothing is said" },
  "restart_policy.window": { about: "How long a container has to run for its start to count as a success" },
  placement: { about: "Which nodes containers run on", form: "map" },
  "placement.constraints": { about: "What a node has to fulfil, as `node.role==worker`", form: "list" },
  "placement.preferences": { about: "How containers are spread over the nodes that are left", form: "list" },
  "placement.preferences.*.spread": { about: "The label of nodes over whose values containers are spread evenly" },
  "placement.max_replicas_per_node": { about: "How many containers of the service one node may run" },
};
