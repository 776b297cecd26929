/** The keys of `build`. */
import { below, type KeyDocs, labels } from "./doc.ts";
import { grants, limits } from "./shared.ts";

export const BUILD: KeyDocs = {
  context: { about: "The folder, or the Git repository, that the build may take files from" },
  dockerfile: { about: "The Dockerfile to build, relative to the context; `Dockerfile` when nothing is said" },
  dockerfile_inline: {
    about: "The text of the Dockerfile itself, in place of a file",
    since: "2.17.0",
    usual: ["|", "FROM ${1:image}", "$0"],
  },
  entitlements: {
    about: "Rights that steps of the build need beyond the usual ones",
    values: { "network.host": "use the host's network", "security.insecure": "run without a sandbox" },
    since: "2.27.1",
    form: "list",
  },
  args: {
    about: "Values for the `ARG`s of the Dockerfile; a name without a value takes it from the shell",
    form: "map",
  },
  ssh: {
    about: "SSH agents or keys that `RUN --mount=type=ssh` gets; `default` is the agent of this shell",
    form: "list",
  },
  labels: labels("the built image"),
  cache_from: { about: "Where the builder looks for layers that were built before", form: "list" },
  cache_to: { about: "Where the builder leaves its layers for later builds", form: "list" },
  no_cache: { about: "Builds every step anew, whatever is cached" },
  additional_contexts: {
    about: "More contexts by name, for `FROM` and `COPY --from`: folders, repositories, images or services",
    since: "2.17.0",
    form: "map",
  },
  network: {
    about: "The network that `RUN` steps use",
    values: { default: "the builder's own network", host: "the network of the host", none: "no network at all" },
  },
  pull: { about: "Pulls the base images even if there are copies on this machine" },
  target: { about: "The stage of the Dockerfile to build; the last one when nothing is said" },
  shm_size: { about: "The size of `/dev/shm` while `RUN` steps run, as `256m`" },
  extra_hosts: { about: "Host names and addresses that `RUN` steps can resolve", form: "list" },
  isolation: { about: "The isolation technology the build uses, where the platform has several" },
  privileged: { about: "Builds with elevated rights, where the builder supports it", since: "2.15.0" },
  secrets: { about: "Secrets that `RUN --mount=type=secret` gets; they do not end up in the image", form: "list" },
  ...below("secrets.*", grants("secret", "a build step")),
  tags: { about: "More names and tags for the built image, besides that of `image`", form: "list" },
  ulimits: {
    about: "Limits on what processes of the build may use, by the limit's name",
    since: "2.23.1",
    form: "map",
  },
  ...below("ulimits.*", limits),
  platforms: { about: "The platforms to build for, as `linux/amd64`", form: "list" },
  provenance: { about: "Whether, and in which detail, the image gets a record of how it was built", since: "2.39.0" },
  sbom: { about: "Whether the image gets a list of the software in it", since: "2.39.0" },
};
