import { programsCalled } from "../../model/dockerfile/programs.ts";
import { defineRule, listOf } from "../../rule.ts";

/** Why it does nothing useful while an image is built. */
const TOOLS: Readonly<Record<string, string>> = {
  ssh: "a build has no keys of its own, and what it does elsewhere is not in the image",
  vim: "nobody sits at the terminal",
  nano: "nobody sits at the terminal",
  top: "nobody looks at it",
  shutdown: "there is no system to shut down",
  service: "what it starts ends with the RUN",
  ps: "it shows the build's own processes",
  free: "it shows the memory of the machine that builds",
  kill: "processes end with the RUN anyway",
  mount: "a RUN may not mount, and nothing of it stays",
  ifconfig: "network settings are those of the build and do not stay",
};

export default defineRule({
  id: "run-pointless-tool",
  summary: "a tool that does nothing for an image",
  severity: "info",
  profile: "strict",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["hadolint:DL3001", "kics:Run Utilities And POSIX Commands"],
  why: `
What a RUN leaves behind is files. Processes, mounts and network settings end with it, and nobody sits at its terminal: \`service
start\`, \`top\` or \`mount\` in a build come from instructions that were written for a machine. What has to run in the container
belongs in ENTRYPOINT or CMD. Installing such a tool is not reported.`,
  options: [
    { name: "allow", about: "Tools of these that are right in this project.", default: [] },
    { name: "tools", about: "Further programs that have no place in a build.", default: [] },
  ],
  examples: [
    { bad: "FROM debian:13\nRUN service nginx start\n" },
    { bad: "FROM debian:13\nRUN systemctl enable nginx\n", options: { tools: ["systemctl"] } },
    { good: 'FROM debian:13\nRUN apt-get install -y nginx\nCMD ["nginx", "-g", "daemon off;"]\n' },
  ],
  check({ dockerfile, report, option }) {
    const allowed = listOf(option("allow"));
    const further = listOf(option("tools")).map((name) => [name, "the project's configuration says so"] as const);
    for (const [name, reason] of [...Object.entries(TOOLS), ...further].filter(([tool]) => !allowed.includes(tool)))
      for (const { command } of programsCalled(dockerfile, name))
        report((command.nameWord ?? command).span, { message: `${name} in a build is of no use: ${reason}` });
  },
});
