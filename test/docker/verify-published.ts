/**
 * Verifies a refactoring with ports that the engine publishes, and prints what came of it, with where the port was. A program of its
 * own, to be started in a network namespace of its own: Docker's bridge is made there and not on the machine.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "../../scripts/process.ts";
import { pushBaseImages } from "./base-images.ts";
import { startMachine } from "./machine.ts";

/** Files on a server, and what the server is in one stage and in several. */
export const PAGES = {
  files: {
    "index.html": '<a href="/about.txt">x</a><a href="deep/er.txt?a=1&amp;b=2">d</a><p>pages</p>',
    "about.txt": "about\n",
    "er.txt": "deep\n",
  },
  original: (base: string, port: number): string => `FROM ${base}
LABEL team=shop
ENV GREETING=hello
WORKDIR /w
COPY index.html about.txt ./
COPY er.txt deep/
RUN echo built >built.txt
EXPOSE ${port}
STOPSIGNAL SIGKILL
CMD httpd -f -p ${port} -h /w
`,
  result: (base: string, port: number): string => `FROM ${base} AS build
WORKDIR /w
COPY index.html about.txt ./
COPY er.txt deep/
RUN echo built >built.txt
FROM ${base}
LABEL team=shop
ENV GREETING=hello
WORKDIR /w
COPY --from=build /w ./
EXPOSE ${port}
STOPSIGNAL SIGKILL
USER 65534:65534
HEALTHCHECK --interval=30s CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:${port}/"]
CMD ["httpd", "-f", "-p", "${port}", "-h", "/w"]
`,
};

const PORT = 8080;

async function main(): Promise<void> {
  await mustRun("ip", ["link", "set", "lo", "up"]);
  const { verifyRefactoring } = await import("../../server/src/effects/verify/verify.ts");
  await using machine = await startMachine({ bridge: true });
  await pushBaseImages(machine);
  const context = await machine.folder("published");
  for (const [name, text] of Object.entries(PAGES.files)) await writeFile(join(context, name), text);
  const base = `${machine.registry.host}/library/alpine:3.22`;
  const verify = (original: string, result: string, onProgress?: (message: string) => void) =>
    verifyRefactoring({
      engine: { name: "docker", env: { ...process.env, ...machine.docker.env } },
      context,
      original: { text: original },
      result: { text: result },
      onProgress,
    });
  let published = "";
  const verification = await verify(PAGES.original(base, PORT), PAGES.result(base, PORT), (message) => {
    if (message !== "Running the result") return;
    const look = async (): Promise<void> => {
      const { stdout } = await machine.docker.docker(["ps", "--format", "{{.Ports}}"]);
      published ||= /(\S+)->8080\/tcp/.exec(stdout)?.[1] ?? "";
      if (published === "") setTimeout(() => void look(), 200);
    };
    void look();
  });
  // The port is the only one it listens on, and nothing says so.
  const silent = (text: string): string => text.replace(/^EXPOSE .*\n/m, "");
  const unexposed = await verify(silent(PAGES.original(base, PORT)), silent(PAGES.result(base, PORT)));
  process.stdout.write(JSON.stringify({ ...verification, facts: undefined, published, unexposed: unexposed.rows }));
}

if (import.meta.main) await main();
