/** What engines say when the trouble is not in the Dockerfile, and what to do about it. */

type Table = readonly (readonly [RegExp, string])[];

const STOPPED = "The engine stopped in the middle of the build: see whether it runs, then build again.";

export const DISK_FULL =
  "The disk is full: make room where the message says, or, when that is the engine's, with `docker system prune` and `docker buildx prune` (`podman system prune`).";

/** Of the engine itself: no line of any file is to blame. Looked for in its reason alone, for programs in RUN say such things too. */
const OF_THE_ENGINE: Table = [
  [
    /permission denied while trying to connect to the (?:docker )?(?:daemon|api)|dial unix \S+: connect: permission denied/i,
    "This account may not use Docker's socket: add it to the group docker and log in again, or use rootless Docker or Podman.",
  ],
  [
    /cannot connect to the docker daemon|is the docker daemon running|failed to connect to the docker api|error during connect|cannot connect to podman|unable to connect to podman/i,
    "The engine does not answer: start it, or choose another with Dockwright: Select Builder.",
  ],
  [
    /code = (?:Unavailable|Canceled)|\b(?:Unavailable: (?:error reading|connection error|transport)|Canceled: context canceled)|error reading from server: |failed to (?:receive status|dial gRPC)|^(?:ERROR: )?(?:failed to build: )?unexpected EOF$|transport is closing|client connection (?:force closed|is closing)|failed to send write: EOF|closed network connection|graceful_stop/i,
    STOPPED,
  ],
  [/no builder "[^"]*" found/i, "There is no such builder any more: choose one with Dockwright: Select Builder."],
  [
    /context "[^"]*"( does)? not (found|exist)/i,
    "There is no such Docker context: choose one with Dockwright: Select Builder.",
  ],
  [
    /buildkitd?\b.*(?:not running|no buildkit host)|buildctl.*not found/i,
    "nerdctl builds with BuildKit: start buildkitd.",
  ],
];

const TROUBLE: Table = [
  [/no space left on device|disk quota exceeded/i, DISK_FULL],
  [
    /exporter does not currently support exporting manifest lists|multiple platforms feature is currently not supported/i,
    "This engine cannot keep an image for several platforms: build one, give an output such as type=oci,dest=image.tar, or switch on Docker's containerd image store.",
  ],
  [
    /attestation is not supported for the docker driver/i,
    "Attestations need Docker's containerd image store or a docker-container builder: Dockwright: Create Builder makes one.",
  ],
  [
    /cache export is not supported for the docker driver/i,
    "Exporting the cache needs Docker's containerd image store or a docker-container builder: Dockwright: Create Builder makes one.",
  ],
  [
    /exec format error/i,
    "A program for another processor was run: install its emulation (`docker run --privileged --rm tonistiigi/binfmt --install all`), or build for this machine's platform.",
  ],
  [
    /pull access denied|insufficient_scope|\b401 Unauthorized|unauthorized: |denied: requested access/i,
    "The registry wants a login, or does not have the image: check its name, and run `docker login` for that registry.",
  ],
  [
    /toomanyrequests|429 Too Many Requests/i,
    "The registry lets no more pulls through for now: log in, or try again later.",
  ],
  [
    /no such host|temporary failure in name resolution|i\/o timeout|TLS handshake timeout|network is unreachable|connection refused/i,
    "The network could not be reached: look at the connection and at the proxy settings of the engine.",
  ],
  [/x509: /i, "The certificate of the other side is not trusted by the engine: give it the authority's certificate."],
  [
    /secret [^\s:]+: not found/i,
    "The Dockerfile mounts a secret that the build was not given: name its file or variable when you build.",
  ],
  [
    /exit (?:code|status):? 137\b/i,
    "RUN was killed from outside: most often memory ran out, or the engine was stopped. Give the engine more memory, or build again.",
  ],
];

const adviceIn = (table: Table, text: string): string | undefined => table.find(([said]) => said.test(text))?.[1];

export const adviceOn = (text: string): string | undefined => adviceIn(TROUBLE, text);

/** `reason`: the engine's own last words; undefined where it ended without any. */
export const adviceOnEngine = (reason: string | undefined): string | undefined =>
  reason === undefined ? STOPPED : adviceIn(OF_THE_ENGINE, reason);
