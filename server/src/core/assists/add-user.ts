/**
 * A user for the image a stage makes. What exists is used: a user the file creates, then one the base has; otherwise one
 * is created in the way of the base's distribution. Refuses where the result could not start.
 */
import { accountsCreated, type CreatedAccount } from "../model/dockerfile/accounts.ts";
import type { Family } from "../model/dockerfile/bases.ts";
import {
  baseImageOf,
  familyUnder,
  isRoot,
  startArguments,
  startedPrograms,
  startOf,
  usersOf,
} from "../model/dockerfile/facts.ts";
import { insertAbove, insertBelow, keywordLike } from "../model/dockerfile/layout.ts";
import type { Dockerfile, Instruction, Stage } from "../model/dockerfile/model.ts";
import { hasOption, packageCalls } from "../model/dockerfile/packages.ts";
import { expandIn } from "../model/dockerfile/scope.ts";
import { commandsOf } from "../model/dockerfile/shell.ts";
import { lineageInstructions, rootBase } from "../model/dockerfile/stages.ts";
import { unquote } from "../model/dockerfile/words.ts";
import type { Remedy } from "../rule.ts";
import { type Edit, insert, replace } from "../text/edit.ts";

export type UserPlan =
  | { readonly edits: readonly Edit[]; readonly snippet?: readonly Edit[]; readonly title: string }
  | { readonly refusal: string };

/** Fixed, so that volumes and Kubernetes' runAsNonRoot can rely on it, and above the range distributions give to people. */
const UID = "10001";
/** distroless' `nonroot`, the number people know for images without /etc/passwd tools. */
const NUMERIC = "65532:65532";

/** `\` continues the lines below it; Docker joins them. */
const CREATE: Readonly<Partial<Record<Family, readonly string[]>>> = {
  debian: [
    `groupadd --system --gid ${UID} app`,
    `useradd --system --no-log-init --uid ${UID} --gid ${UID} --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app`,
  ],
  alpine: [`addgroup -S -g ${UID} app`, `adduser -S -D -H -u ${UID} -G app app`],
  redhat: [
    `groupadd --system --gid ${UID} app`,
    `useradd --system --no-log-init --uid ${UID} --gid ${UID} --no-create-home --home-dir /nonexistent --shell /sbin/nologin app`,
  ],
};

/** A COPY that would need `--chown` with a name that a later RUN of the stage creates. */
function beforeCreation(dockerfile: Dockerfile, stage: Stage, { owner }: Identity): Instruction | undefined {
  const name = owner.split(":")[0] ?? "";
  const creator = createdIn(dockerfile, stage, name)?.by;
  if (/^\d/.test(name) || !creator || creator.stage !== stage.index) return undefined;
  return ownedBy(dockerfile, stage).find(({ index }) => index < creator.index);
}

interface Identity {
  /** What USER names. */
  readonly user: string;
  /** What `--chown` names. */
  readonly owner: string;
  /** Lines that create it; none when it exists. */
  readonly create: readonly string[];
  readonly title: string;
}

/** The same as the remedy of a finding. */
export function userRemedy(dockerfile: Dockerfile, stage: Stage): Remedy {
  const plan = planUser(dockerfile, stage);
  if ("refusal" in plan) return { refusal: plan.refusal };
  const { title, edits, snippet } = plan;
  return { fixes: [{ title, safety: "unsafe", edits, ...(snippet && { snippet }) }] };
}

function planUser(dockerfile: Dockerfile, stage: Stage): UserPlan {
  const reason = whyNot(dockerfile, stage);
  if (reason !== undefined) return { refusal: reason };
  const identity = identityFor(dockerfile, stage);
  const early = beforeCreation(dockerfile, stage, identity);
  if (early)
    return {
      refusal: `the user ${identity.user} does not exist yet at the ${early.name} that would have to give it the files: move the RUN that creates it above`,
    };
  const anchor = placeFor(stage);
  const chown = ownershipEdits(dockerfile, stage, identity.owner);
  const user = `${keywordLike(dockerfile, "USER")} ${identity.user}`;
  // Nothing between a USER root and this one needs root: the one word changes.
  if (identity.create.length === 0 && anchor.instruction.name === "USER" && anchor.instruction.args.text !== "")
    return { edits: [...chown, replace(anchor.instruction.args.span, identity.user)], title: identity.title };
  const edits = [...chown, place(dockerfile, anchor, [...identity.create, user])];
  if (identity.create.length === 0) return { edits, title: identity.title };
  const tabStops = [...identity.create, user].map((line) => snippetText(line));
  return { edits, snippet: [...chown.map(escaped), place(dockerfile, anchor, tabStops)], title: identity.title };
}

/** Programs that have to start as root. */
const NEEDS_ROOT: ReadonlySet<string> = new Set([
  "nginx",
  "httpd",
  "apache2",
  "apache2ctl",
  "apachectl",
  "apache2-foreground",
  "supervisord",
  "cron",
  "crond",
  "sshd",
  "systemd",
  "init",
  "my_init",
  "s6-svscan",
  "runsvdir",
  "dockerd",
  "named",
  "vsftpd",
  "service",
  "start-stop-daemon",
  "systemctl",
  "su",
  "sudo",
  "rsyslogd",
  "smbd",
  "openvpn",
]);

/** Why no USER can be added that is sure to start. */
function whyNot(dockerfile: Dockerfile, stage: Stage): string | undefined {
  const base = baseImageOf(dockerfile, stage);
  const root = rootBase(dockerfile, stage);
  if (dockerfile.instructions.at(-1)?.open) return "the file ends in the middle of an instruction";
  if (root.kind === "unknown")
    return "a variable hides the base image, so the command that creates a user there is not known";
  const family = familyUnder(dockerfile, stage);
  if (root.kind === "image" && family === undefined)
    return `${root.reference} is not an image whose distribution is known: create the user in its own way, then add USER`;
  if (family === "windows") return "Windows images have users of their own: ContainerUser is not root";
  if (base?.rootOnPurpose !== undefined && !lastOwnStart(stage))
    return `${base.name} starts as root on purpose: ${base.rootOnPurpose}`;
  const program = startOf(dockerfile, stage)?.program;
  const needsRoot = startedPrograms(dockerfile, stage).find((each) => NEEDS_ROOT.has(each));
  if (needsRoot !== undefined) return `${needsRoot} starts as root and gives it up by itself or needs it`;
  if (base?.rootOnPurpose !== undefined && program === undefined)
    return `${base.name} starts as root on purpose: ${base.rootOnPurpose}`;
  const inRoot = [...startArguments(dockerfile, stage), lastOwn(stage, "WORKDIR")?.args.text ?? ""].find((path) =>
    /^\/root(\/|$)/.test(unquote(path)),
  );
  if (inRoot !== undefined)
    return `the application lies in ${unquote(inRoot)}, and only root may enter /root: move it to another folder first`;
  if (searchesRoot(dockerfile, stage))
    return "PATH leads into /root, and only root may enter it: install the programs elsewhere first";
  if (installsForRoot(dockerfile, stage))
    return "pip install --user puts packages into /root/.local, and only root may enter it: install them without --user";
  return volumeReason(dockerfile, stage);
}

const searchesRoot = (dockerfile: Dockerfile, stage: Stage): boolean =>
  lineageInstructions(dockerfile, stage).some(
    ({ name, pairs }) =>
      name === "ENV" &&
      pairs.some(({ key, value }) => key.text === "PATH" && /(^|[:"'])\/root\//.test(value?.text ?? "")),
  );

/** `pip install --user` as root, in this image; a folder given with PYTHONUSERBASE is another matter. */
const installsForRoot = (dockerfile: Dockerfile, stage: Stage): boolean =>
  usersOf(dockerfile, stage).every(({ name }) => name !== undefined && isRoot(name)) &&
  lineageInstructions(dockerfile, stage).some((run) =>
    packageCalls(dockerfile, run).some(
      (call) => call.manager === "pip" && call.action.value === "install" && hasOption(call, "--user"),
    ),
  ) &&
  !lineageInstructions(dockerfile, stage).some(({ pairs }) => pairs.some(({ key }) => key.text === "PYTHONUSERBASE"));

const lastOwn = (stage: Stage, name: string): Instruction | undefined =>
  stage.instructions.findLast((instruction) => instruction.name === name);

const lastOwnStart = (stage: Stage): Instruction | undefined => lastOwn(stage, "ENTRYPOINT") ?? lastOwn(stage, "CMD");

/** A new volume takes over the owner of the folder in the image: root, unless a RUN gives it away. */
function volumeReason(dockerfile: Dockerfile, stage: Stage): string | undefined {
  const instructions = lineageInstructions(dockerfile, stage);
  for (const volume of instructions) {
    if (volume.name !== "VOLUME") continue;
    for (const { text } of volume.words) {
      const path = unquote(expandIn(dockerfile, volume, text).text);
      const given = instructions.some(
        (run) =>
          run.name === "RUN" &&
          commandsOf(dockerfile, run).some(
            ({ name, args }) =>
              (name === "chown" || name === "install") && args.some(({ value }) => covers(value, path)),
          ),
      );
      if (!given)
        return `VOLUME ${path} belongs to root: create the folder and give it to the user before, then add USER`;
    }
  }
  return undefined;
}

const covers = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(`${folder.replace(/\/$/, "")}/`);

function identityFor(dockerfile: Dockerfile, stage: Stage): Identity {
  const earlier = usersOf(dockerfile, stage).findLast(({ name }) => name !== undefined && !isRoot(name));
  if (earlier) {
    const user = earlier.instruction.args.text;
    return { user, owner: user, create: [], title: `Switch back to USER ${user}` };
  }
  const made = createdIn(dockerfile, stage);
  if (made)
    return { user: made.user, owner: made.user, create: [], title: `Add USER ${made.user}, which the file creates` };
  const base = baseImageOf(dockerfile, stage);
  const family = familyUnder(dockerfile, stage);
  if (family === undefined || family === "distroless")
    return { user: NUMERIC, owner: NUMERIC, create: [], title: `Add USER ${NUMERIC}` };
  if (base?.account) {
    const { name } = base.account;
    return { user: name, owner: `${name}:${name}`, create: [], title: `Add USER ${name}, which the base image has` };
  }
  return createFor(dockerfile, family);
}

function createFor(dockerfile: Dockerfile, family: Family): Identity {
  const commands = CREATE[family];
  // Images without useradd, such as ubi-minimal: a number needs no entry in /etc/passwd.
  if (!commands) return { user: `${UID}:${UID}`, owner: `${UID}:${UID}`, create: [], title: `Add USER ${UID}:${UID}` };
  const [first = "", ...others] = commands;
  const run = keywordLike(dockerfile, "RUN");
  const lines = [
    `${run} ${first}${others.length > 0 ? ` ${dockerfile.escape}` : ""}`,
    ...others.map((line, at) => ` && ${line}${at < others.length - 1 ? ` ${dockerfile.escape}` : ""}`),
  ];
  return {
    user: `${UID}:${UID}`,
    owner: `${UID}:${UID}`,
    create: lines,
    title: `Create user app (${UID}) and add USER`,
  };
}

/** The last user that the chain's RUNs create, of that name if one is given. */
const createdIn = (dockerfile: Dockerfile, stage: Stage, wanted?: string): CreatedAccount | undefined =>
  accountsCreated(dockerfile, stage).findLast(({ name }) => wanted === undefined || name === wanted);

interface Anchor {
  readonly instruction: Instruction;
  readonly where: "above" | "below";
}

/** Behind the last RUN, which may need root; where there is none, above what the image starts; else at the end. */
function placeFor(stage: Stage): Anchor {
  const own = stage.instructions;
  const lastRun = own.findLast(({ name }) => name === "RUN");
  const lastUser = own.findLast(({ name }) => name === "USER");
  // An explicit USER root later on would undo what stands above it.
  if (lastUser && (!lastRun || lastUser.index > lastRun.index)) return { instruction: lastUser, where: "below" };
  if (lastRun) return { instruction: lastRun, where: "below" };
  const start = own.find(({ name }) => name === "ENTRYPOINT" || name === "CMD");
  if (start) return { instruction: start, where: "above" };
  return { instruction: own.at(-1) ?? stage.from, where: "below" };
}

const place = (dockerfile: Dockerfile, { instruction, where }: Anchor, lines: readonly string[]): Edit =>
  where === "above" ? insertAbove(dockerfile, instruction, lines) : insertBelow(dockerfile, instruction, lines);

/** Folders and files that applications write to. */
const WRITTEN =
  /(^|\/)(data|database|db|logs?|uploads?|storage|media|tmp|temp|cache|var|\.next|instance|[^/]*\.(db|sqlite3?))\/?$/;

/**
 * `--chown` for each COPY or ADD of the stage whose files the user has to write, or may not read: known folders of data,
 * declared volumes, and modes that leave others out. Everything else stays root's, which the process may read and not change.
 */
const ownershipEdits = (dockerfile: Dockerfile, stage: Stage, owner: string): Edit[] =>
  ownedBy(dockerfile, stage).map(({ keyword }) => insert(keyword.span.end, ` --chown=${owner}`));

function ownedBy(dockerfile: Dockerfile, stage: Stage): readonly Instruction[] {
  const volumes = lineageInstructions(dockerfile, stage)
    .filter(({ name }) => name === "VOLUME")
    .flatMap(({ words }) => words.map(({ text }) => unquote(text)));
  return stage.instructions.filter((copy) => {
    if (copy.name !== "COPY" && copy.name !== "ADD") return false;
    if (copy.flags.some(({ name }) => name === "--chown")) return false;
    const target = unquote(copy.words.at(-1)?.text ?? "");
    const mode = copy.flags.find(({ name }) => name === "--chmod")?.value?.text ?? "";
    // What lies in /tmp is there for the build, and everybody may write there.
    if (/^\/(?:var\/)?tmp(?:\/|$)/.test(target)) return false;
    return WRITTEN.test(target) || volumes.some((volume) => covers(volume, target)) || /^0?[0-7]{2}[0-3]$/.test(mode);
  });
}

/** A line as snippet text, the number a tab stop wherever it stands. */
const snippetText = (line: string): string => line.replace(/[\\$}]/g, "\\$&").replaceAll(UID, `\${1:${UID}}`);
const escaped = (edit: Edit): Edit => ({ ...edit, text: edit.text.replace(/[\\$}]/g, "\\$&") });
