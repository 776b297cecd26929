/** Keys that several places of a compose file have in common. */
import type { KeyDocs } from "./doc.ts";

/** The long form of `secrets` and `configs`. */
export const grants = (thing: "secret" | "config", who: string): KeyDocs => ({
  source: { about: `The name of the ${thing}, as the top level declares it` },
  target: {
    about:
      thing === "secret"
        ? `The name of the file that ${who} finds it in, below \`/run/secrets\` unless it is an absolute path`
        : `The path that ${who} finds it at; \`/\` and its name when nothing is said`,
  },
  uid: { about: "The number of the user who owns the file" },
  gid: { about: "The number of the group that owns the file" },
  mode: { about: "The permissions of the file in octal, as `0440`" },
});

export const limits: KeyDocs = {
  soft: { about: "The limit that holds; a process may raise it up to the hard one" },
  hard: { about: "The limit that the soft one cannot be raised beyond" },
};

/** A command that is run in a container that runs already. */
export const commandIn = (when: string): KeyDocs => ({
  command: { about: `What is run ${when}` },
  user: { about: "The user who runs it; the container's own when nothing is said" },
  privileged: { about: "Runs it with all rights on the host" },
  working_dir: { about: "The folder it is run in" },
  environment: { about: "Variables it gets besides those of the container", form: "map" },
});

/** What is asked of devices such as graphics cards. */
export const devices: KeyDocs = {
  capabilities: { about: "What the device has to be able to do, as `gpu`", form: "list" },
  count: { about: "How many of them; `all` for as many as there are" },
  device_ids: { about: "Which of them, by their ids; not together with `count`", form: "list" },
  driver: { about: "The driver that provides the device, as `nvidia`" },
  options: { about: "Settings the driver understands", form: "map" },
};
