import { expandIn } from "../../model/dockerfile/scope.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule } from "../../rule.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "volume-system-dir",
  summary: "VOLUME over /dev, /proc or /sys",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["dockle:DKL-DI-0002"],
  why: `
The kernel's own file systems are at \`/dev\`, \`/proc\` and \`/sys\`. A volume there hides them with an empty folder, so
the container does not start or lacks its devices. Folders below, such as \`/sys/fs/cgroup\` for systemd, are let off.`,
  examples: [
    { bad: 'FROM debian:13\nVOLUME ["/data", "/proc"]\n' },
    { good: "FROM debian:13\nVOLUME /sys/fs/cgroup\n" },
  ],
  check({ dockerfile, report }) {
    for (const volume of allNamed(dockerfile, "VOLUME")) {
      for (const word of volume.words) {
        const { text, known } = expandIn(dockerfile, volume, word.text);
        const path = (volume.json ? text : unquote(text, dockerfile.escape)).replace(/(?<=.)\/+$/, "");
        if (known && /^\/+(?:dev|proc|sys)$/.test(path))
          report(word.span, { message: `A volume at ${path} hides what the kernel puts there` });
      }
    }
  },
});
