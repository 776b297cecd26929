/** Comments that name rules: what is not run has a name nevertheless. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { rules } from "../../server/src/core/rules/index.ts";
import { cli, folderWith } from "./harness.ts";

const ignoring = (name: string): string => `FROM scratch\n# dockwright ignore=${name}\nCOPY a /\n`;

const cases: readonly {
  readonly name: string;
  readonly ignore: string;
  readonly args?: readonly string[];
  readonly says: RegExp | undefined;
}[] = [
  { name: "a rule outside the profile", ignore: "apt-unpinned", says: undefined },
  { name: "its name elsewhere", ignore: "DL3008", says: undefined },
  { name: "a rule that the command line leaves out", ignore: "sudo", args: ["--ignore", "sudo"], says: undefined },
  { name: "a rule that was not selected", ignore: "sudo", args: ["--select", "unused-ignore"], says: undefined },
  { name: "a check of ShellCheck, which is off", ignore: "SC2086", says: undefined },
  { name: "a rule that runs and finds nothing", ignore: "sudo", says: /Nothing here needs sudo ignored/ },
  { name: "a name that nothing has", ignore: "sudoo", says: /No rule is called sudoo; did you mean sudo\?/ },
];

for (const command of ["check", "fix"])
  for (const { name, ignore, args = [], says } of cases)
    test(`${command}: ${name}`, async (t) => {
      const cwd = folderWith(t, { Dockerfile: ignoring(ignore) });
      const options = ["--no-config", "--shellcheck", "off", ...args, ...(command === "fix" ? ["--diff"] : [])];
      const { stdout, stderr } = await cli([command, ...options, "Dockerfile"], { cwd, parts: { rules } });
      assert.doesNotMatch(stderr, /should not have happened/);
      if (command === "check") (says ? assert.match : assert.doesNotMatch)(stdout, says ?? /unused-ignore/);
      else assert.equal(/^-# dockwright/m.test(stdout), says !== undefined);
    });
