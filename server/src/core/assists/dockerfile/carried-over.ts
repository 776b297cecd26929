/** What one part of a RUN hands on to the next without saying so: its shell, its processes, its mounts, its package lists. */
import { leavesTraces } from "../../model/dockerfile/before.ts";
import { clearsFolder } from "../../model/dockerfile/cleanup.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { mountsOf } from "../../model/dockerfile/mounts.ts";
import type { ShellCommand, ShellScript } from "../../model/dockerfile/shell.ts";
import { firstChange, startsJob } from "../../model/dockerfile/shell-leftovers.ts";
import { type System, type SystemCall, systemCalls } from "../../model/dockerfile/system-packages.ts";
import type { Span } from "../../text/edit.ts";
import { shown } from "./layout.ts";

/** Programs that leave a process running: it ends with its RUN. */
const DAEMONS: ReadonlySet<string> = new Set(
  "service systemctl invoke-rc.d rc-service start-stop-daemon pg_ctl pg_ctlcluster mysqld mysqld_safe mariadbd apachectl ssh-agent nohup supervisord Xvfb dockerd".split(
    " ",
  ),
);

/** What the front of a RUN has that the rest would miss in a RUN of its own, a clause; undefined when it needs nothing of it. */
export function whatHolds(
  dockerfile: Dockerfile,
  run: Instruction,
  script: ShellScript,
  front: Span,
  options: readonly ShellCommand[],
): string | undefined {
  if (options.length > 0 && front.end <= (options.at(-1)?.span.end ?? 0))
    return "in front of it there are only options of the shell";
  const rest = { ...script, commands: script.commands.filter((command) => !options.includes(command)) };
  const change = firstChange(rest, front);
  if (change)
    return `${shown(dockerfile.text.slice(change.span.start, change.span.end))} in front of it changes the shell for what follows`;
  if (script.functions.length > 0) return "a function that is defined in front of it may be called behind it";
  if (startsJob(script)) return "a job in the background ends with its RUN";
  const daemon = script.commands.find(
    ({ name, nameWord, span }) =>
      span.end <= front.end &&
      ((name !== undefined && DAEMONS.has(name)) || nameWord?.value.startsWith("/etc/init.d/") === true),
  );
  if (daemon) return `what ${daemon.name ?? "it"} starts in front of it ends with its RUN`;
  const packages = aboutPackages(dockerfile, run, front.end) ?? aboutFiles(dockerfile, script, front.end);
  if (packages !== undefined) return packages;
  const behind = dockerfile.text.slice(front.end, run.span.end);
  const loop = script.loopVariables.find((name) => new RegExp(`\\$\\{?${name}\\b`).test(behind));
  if (loop !== undefined) return `the loop in front of it sets ${loop}, which is used behind it`;
  const gone = mountsOf(dockerfile, run).find(
    ({ type, flag }) =>
      type === "tmpfs" || (type === "bind" && flag.fields.some(({ key }) => key === "rw" || key === "readwrite")),
  );
  if (gone) return `what the commands in front write to the ${gone.type} mount is gone in a RUN of its own`;
  return undefined;
}

/** Package lists and caches that the front brings, and the rest needs or deletes. */
function aboutPackages(dockerfile: Dockerfile, run: Instruction, cut: number): string | undefined {
  const calls = systemCalls(dockerfile, run);
  const front = calls.filter(({ command }) => command.span.end <= cut);
  const rest = calls.filter(({ command }) => command.span.end > cut);
  const lists = front.find(({ effect }) => effect === "refresh");
  const uses = (of: readonly SystemCall[]): boolean =>
    of.some(({ system, effect }) => system === lists?.system && NEEDS_LISTS.has(effect));
  if (lists && (uses(rest) || !uses(front)))
    return `what is installed behind it needs the package lists of ${lists.manager} ${lists.verb.value}, which are to be as new`;
  const cleans = front.some(
    ({ system }) =>
      rest.some((call) => call.system === system && call.effect === "clean") ||
      CACHES[system].some((folder) => clearsFolder(dockerfile, run, folder, cut)),
  );
  return cleans ? STAYS : undefined;
}

const STAYS = "what stands behind it deletes files that would stay in the layer of the first RUN";

/** `npm ci && npm cache clean`; and folders that are deleted in an image people use. */
function aboutFiles(dockerfile: Dockerfile, { commands, instruction }: ShellScript, cut: number): string | undefined {
  const front = commands.filter(({ span }) => span.end <= cut);
  const shipped = leavesTraces(dockerfile, instruction);
  const cleans = commands
    .filter(({ span }) => span.end > cut)
    .some(({ name, args }) => {
      const words = args.map(({ value }) => value).join(" ");
      if (name === "rm") return shipped && /(?:^|\s)-(?:\w*[rR]|-recursive)/.test(words);
      return front.some((command) => command.name === name) && CACHE_COMMAND.test(words);
    });
  return cleans ? STAYS : undefined;
}

const CACHE_COMMAND = /^(?:-\S+ )*(?:cache (?:clean|purge|prune|clear|remove|rm)|clean|store prune|clear-cache)\b/;

const NEEDS_LISTS: ReadonlySet<string> = new Set(["install", "upgrade"]);

const CACHES: Readonly<Record<System, readonly string[]>> = {
  apt: ["/var/lib/apt/lists"],
  apk: ["/var/cache/apk"],
  rpm: ["/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum", "/var/cache/tdnf"],
  zypper: ["/var/cache/zypp"],
};
