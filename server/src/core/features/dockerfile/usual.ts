/** What is often set: variables by base image, and the labels that the OCI image specification names. */

/** By the name `bases.ts` has the image by, or empty for all of them: `NAME=value`, and what it does. */
export const USUAL_ENVIRONMENT: Readonly<Record<string, readonly (readonly [text: string, detail: string])[]>> = {
  "": [
    ["TZ=Etc/UTC", "time zone"],
    ["LANG=C.UTF-8", "texts are UTF-8"],
    ["PORT=8080", "the port to listen on, where the application asks for it"],
  ],
  node: [
    ["NODE_ENV=production", "libraries leave out what is for development"],
    ["NODE_OPTIONS=--enable-source-maps", "stack traces name the sources"],
  ],
  python: [
    ["PYTHONUNBUFFERED=1", "what is printed reaches the log at once"],
    ["PYTHONDONTWRITEBYTECODE=1", "no .pyc files"],
    ["PIP_DISABLE_PIP_VERSION_CHECK=1", "pip does not look for itself"],
  ],
  golang: [
    ["CGO_ENABLED=0", "programs without libc, for scratch and distroless"],
    ["GOFLAGS=-trimpath", "no paths of the builder in programs"],
  ],
  rust: [["CARGO_TERM_COLOR=never", "no colours in the log"]],
  ruby: [
    ["RAILS_ENV=production", "Rails as for users"],
    ["BUNDLE_DEPLOYMENT=1", "gems as Gemfile.lock has them"],
    ["BUNDLE_WITHOUT=development:test", "gems for development are left out"],
  ],
  php: [["COMPOSER_ALLOW_SUPERUSER=1", "Composer does not warn of root"]],
  "eclipse-temurin": [["JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=75", "the heap follows the container's memory"]],
};

/** Annotations of the image specification. */
export const LABEL_KEYS: Readonly<Record<string, string>> = {
  "org.opencontainers.image.title": "name for people",
  "org.opencontainers.image.description": "what it is",
  "org.opencontainers.image.source": "address of the source code",
  "org.opencontainers.image.version": "version of the software",
  "org.opencontainers.image.revision": "commit it was built from",
  "org.opencontainers.image.licenses": "licences, as an SPDX expression",
  "org.opencontainers.image.authors": "who answers for it",
  "org.opencontainers.image.url": "page about it",
  "org.opencontainers.image.documentation": "address of its documentation",
  "org.opencontainers.image.vendor": "who distributes it",
  "org.opencontainers.image.created": "when it was built, as RFC 3339",
  "org.opencontainers.image.ref.name": "name of the reference it stands for",
  "org.opencontainers.image.base.name": "image it is built on",
  "org.opencontainers.image.base.digest": "digest of that image",
};
