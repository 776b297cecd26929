/** The keys at the top of a compose file, and those of networks, volumes, secrets, configs and models. */
import { below, type KeyDoc, type KeyDocs, labels } from "./doc.ts";

const external = (thing: string): KeyDocs => ({
  external: { about: `The ${thing} exists already: compose neither creates nor removes it` },
  "external.name": { about: `The name of the ${thing} that exists; today that is \`name\` beside \`external\`` },
});

const named = (thing: string): KeyDoc => ({
  about: `The real name of the ${thing}, in place of one that begins with the project's`,
});

const driverOptions: KeyDoc = { about: "Settings the driver understands", form: "map" };

const NETWORK: KeyDocs = {
  name: named("network"),
  driver: {
    about: "What makes the network; `bridge` when nothing is said",
    values: {
      bridge: "a network of this machine",
      host: "the host's own network",
      ipvlan: "addresses on a network of the host, sharing its hardware address",
      macvlan: "addresses on a network of the host, with hardware addresses of their own",
      none: "no network at all",
      overlay: "one network over several machines",
    },
  },
  driver_opts: driverOptions,
  ipam: { about: "How addresses are given out in the network", form: "map" },
  "ipam.driver": { about: "What gives out addresses, in place of the engine's own way" },
  "ipam.config": {
    about: "The ranges of addresses of the network",
    form: "list",
    usual: ["subnet: ${1:172.28.0.0/16}"],
  },
  "ipam.config.*.subnet": { about: "All addresses of the network, as `172.28.0.0/16`" },
  "ipam.config.*.ip_range": { about: "The part of the subnet that containers get their addresses from" },
  "ipam.config.*.gateway": { about: "The address of the network's router" },
  "ipam.config.*.aux_addresses": { about: "Addresses that no container may get, by host name", form: "map" },
  "ipam.options": { about: "Settings the driver of addresses understands", form: "map" },
  ...external("network"),
  internal: { about: "Cuts the network off from the outside" },
  enable_ipv4: { about: "Whether containers get an IPv4 address", since: "2.33.1" },
  enable_ipv6: { about: "Whether containers get an IPv6 address" },
  attachable: { about: "Lets containers join that no service of the project has started" },
  labels: labels("the network"),
};

const VOLUME: KeyDocs = {
  name: named("volume"),
  driver: { about: "What keeps the files", values: { local: "this machine" } },
  driver_opts: driverOptions,
  ...external("volume"),
  labels: labels("the volume"),
};

const SECRET: KeyDocs = {
  name: named("secret"),
  environment: { about: "The variable of this shell that holds the secret" },
  file: { about: "The file that holds the secret" },
  ...external("secret"),
  labels: labels("the secret"),
  driver: { about: "What provides the secret, in place of the engine itself" },
  driver_opts: driverOptions,
  template_driver: { about: "What fills in the secret's content as a template" },
};

const CONFIG: KeyDocs = {
  name: named("config"),
  content: { about: "The text of the config; variables in it are replaced", since: "2.23.1", usual: ["|", "$0"] },
  environment: { about: "The variable of this shell that holds the config", since: "2.23.1" },
  file: { about: "The file that holds the config" },
  ...external("config"),
  labels: labels("the config"),
  template_driver: { about: "What fills in the config's content as a template" },
};

const MODEL: KeyDocs = {
  name: named("model"),
  model: { about: "The reference of the model to pull and run, as `ai/smollm2`" },
  context_size: { about: "How many tokens the model can take into account" },
  runtime_flags: { about: "Arguments for the program that runs the model", form: "list" },
};

export const TOP: KeyDocs = {
  version: { about: "Means nothing any more: compose reads every file in the same way" },
  name: { about: "The project's name, which the names of containers, networks and volumes begin with" },
  include: {
    about: "Other compose files whose services and resources belong to this project too",
    since: "2.20.3",
    form: "list",
  },
  "include.*.path": { about: "The compose file, or several that are merged" },
  "include.*.env_file": {
    about: "Files with the variables that are put into the included file; its `.env` when nothing is said",
  },
  "include.*.project_directory": { about: "The folder that paths in the included file are relative to" },
  services: {
    about: "The containers of the project, by the name others reach them at",
    form: "map",
    usual: ["${1:app}:", "  $0"],
  },
  networks: { about: "The networks that services are joined by", form: "map" },
  ...below("networks.*", NETWORK),
  volumes: { about: "Volumes, which keep files beyond the life of containers", form: "map" },
  ...below("volumes.*", VOLUME),
  secrets: { about: "Confidential files that services are given one by one", form: "map" },
  ...below("secrets.*", SECRET),
  configs: { about: "Files of configuration that services are given without building them in", form: "map" },
  ...below("configs.*", CONFIG),
  models: {
    about: "Language models that services use",
    since: "2.38.0",
    form: "map",
    usual: ["${1:llm}:", "  model: $0"],
  },
  ...below("models.*", MODEL),
};
