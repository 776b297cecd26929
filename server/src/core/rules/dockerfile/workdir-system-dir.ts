import { normalized } from "../../model/dockerfile/before.ts";
import { isWithin } from "../../model/dockerfile/mounts.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule } from "../../rule.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "workdir-system-dir",
  summary: "WORKDIR in /proc, /sys, /dev or the like",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["trivy:DS-0030"],
  why: `
These folders belong to the kernel or to the boot loader, and nothing of an image is kept in them. \`WORKDIR /proc/self/fd/8\` is how
CVE-2024-21626 left the container: the process started in a folder of the host. What is built on such an image should not be
run.`,
  examples: [
    { bad: "FROM alpine:3.22\nWORKDIR /proc/self/fd/8\n" },
    { good: "FROM alpine:3.22\nWORKDIR /development\n" },
  ],
  check({ dockerfile, report }) {
    for (const workdir of allNamed(dockerfile, "WORKDIR")) {
      const path = unquote(expandIn(dockerfile, workdir, workdir.args.text).text, dockerfile.escape);
      // What is hidden behind the folder's name does not matter.
      const folder = path.startsWith("/") ? SYSTEM.find((each) => isWithin(normalized(path), each)) : undefined;
      if (folder !== undefined)
        report(workdir.args.span, {
          message: `WORKDIR ${path} is in ${folder}, which belongs to the system, not to the image`,
        });
    }
  },
});

const SYSTEM: readonly string[] = ["/proc", "/sys", "/dev", "/boot", "/initrd", "/lost+found"];
