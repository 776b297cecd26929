/** Whole files around the snippets that are pieces of one, for tools that read whole files. */
import { TOP_LEVEL } from "../../scripts/snippets/compose.ts";
import { EXAMPLE_DIGEST } from "../../scripts/snippets/tab-stops.ts";

const HEAD = `# syntax=docker/dockerfile:1@${EXAMPLE_DIGEST}\n\nFROM alpine:3.22@${EXAMPLE_DIGEST}\n`;
const DEBIAN = HEAD.replace("alpine:3.22", "debian:trixie-slim");
const USER = "USER 10001:10001\n";
const END = 'HEALTHCHECK NONE\nCMD ["app"]\n';
const BUILD = `${HEAD.replace(/\n$/, "")} AS build\nWORKDIR /app\n`;
const LAST = `\nFROM alpine:3.22@${EXAMPLE_DIGEST}\nCOPY --from=build /app /app\n${USER}${END}`;

/** Prefix → what stands before and after; the first that fits. */
const DOCKERFILES: readonly (readonly [RegExp, string, string])[] = [
  [/^dockerfile-/, "", ""],
  [/^healthcheck-/, `${HEAD}${USER}EXPOSE 8080\n`, 'CMD ["app"]\n'],
  [/^user-debian/, DEBIAN, END],
  [/^user-/, HEAD, END],
  [/^run-apt/, DEBIAN, `${USER}${END}`],
  [/^run-(?:cache|secret|ssh)/, BUILD, LAST],
  [
    /^copy-from$/,
    `${BUILD}COPY . .\nRUN make dist\n${LAST.slice(0, LAST.indexOf("COPY"))}WORKDIR /app\n`,
    `${USER}${END}`,
  ],
  [/^copy-/, HEAD, `${USER}${END}`],
  [/^multi-platform/, HEAD.slice(0, HEAD.indexOf("FROM")), LAST.replaceAll("/app", "/out/server")],
  [/./, HEAD, `${USER}${END}`],
];

export function wholeDockerfile(prefix: string, text: string): string {
  const [, before = "", after = ""] = DOCKERFILES.find(([fits]) => fits.test(prefix)) ?? [];
  return `${before}${text}${after}`;
}

const indented = (text: string, by: string): string => text.replaceAll(/^(?=.)/gm, by);

/** A service of a file; of what a piece of a service leaves open, the rest. */
export function wholeCompose(prefix: string, text: string): string {
  if (prefix.startsWith("compose-")) return text;
  const [block = "", top = ""] = text.split(`${TOP_LEVEL}\n`);
  const topLevel = top.replaceAll(/^# ?/gm, "");
  const service = /^[\w-]+:\n {2}(?:image|build):/.test(block) ? block : `app:\n${indented(REST + block, "  ")}`;
  return `services:\n${indented(service, "  ")}${topLevel}`;
}
const REST = `image: alpine:3.22@${EXAMPLE_DIGEST}\n`;
