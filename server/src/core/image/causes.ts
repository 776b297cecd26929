/** Files that are known to differ from build to build, and what makes them the same: said beside the file, where no rule can know. */
import { whiteoutAt } from "./whiteouts.ts";

interface Cause {
  readonly path: RegExp;
  /** What it is, and what to do about it. */
  readonly advice: string;
}

const CAUSES: readonly Cause[] = [
  {
    path: /^var\/log\/(?:apt\/|dpkg\.log|alternatives\.log|bootstrap\.log|dnf|yum\.log|lastlog|faillog)/,
    advice: "a log of the package manager, with times in it: delete it in the RUN that writes it",
  },
  {
    path: /^var\/lib\/apt\/lists\//,
    advice: "the package index of that day: delete /var/lib/apt/lists in the same RUN",
  },
  {
    path: /^var\/cache\/(?:apt|dnf|yum|apk|zypp|debconf)\//,
    advice: "a package manager's cache: delete it in the same RUN, or mount a cache there",
  },
  {
    path: /^var\/cache\/ldconfig\/aux-cache$/,
    advice: "ldconfig's cache holds inode numbers and times: delete it in the RUN that writes it",
  },
  {
    path: /^etc\/(?:shadow|gshadow)-?$/,
    advice: "holds the day a password was set: useradd takes it from SOURCE_DATE_EPOCH",
  },
  { path: /^(?:etc|var\/lib\/dbus)\/machine-id$/, advice: "a random id of the machine: leave the file empty" },
  {
    path: /(?:^|\/)ssh_host_\w+_key(?:\.pub)?$/,
    advice: "a host key made at random: make it when the container starts",
  },
  {
    path: /\.py[co]$/,
    advice:
      "Python's bytecode holds the time of its source: set PYTHONDONTWRITEBYTECODE=1, or compile with --invalidation-mode checked-hash",
  },
  { path: /(?:^|\/)\.git\//, advice: "git's own files change with every clone: list .git in .dockerignore" },
  {
    path: /\.(?:jar|war|zip)$/,
    advice: "archives hold the times of what is in them: set the build tool's option for reproducible archives",
  },
  {
    path: /\.(?:a|o)$/,
    advice: "ar writes times into archives: run it with D, and the compiler with -ffile-prefix-map",
  },
  {
    path: /(?:^|\/)(?:__pycache__|node_modules\/\.cache|\.cache)\//,
    advice: "a cache: delete it in the same RUN, or mount one there",
  },
  { path: /^(?:tmp|var\/tmp)\//, advice: "a temporary file that was left: delete it in the RUN that makes it" },
];

export function adviceFor(path: string): string | undefined {
  const shown = whiteoutAt(path)?.path ?? path;
  return CAUSES.find((cause) => cause.path.test(shown))?.advice;
}
