/** The `healthcheck` of an image that is known: its own tool in exec form, so that it needs no shell. */
import type { HealthTest, WebServer } from "../../model/compose/known-images.ts";
import type { Plain } from "../../model/compose/written.ts";

/** Each fails on a connection error and on a status of 400 and above. */
const ASKING: Readonly<Record<WebServer["prober"], (url: WebServer) => readonly string[]>> = {
  curl: ({ port, path }) => ["CMD", "curl", "-fsS", "-o", "/dev/null", `http://127.0.0.1:${port}${path}`],
  wget: ({ port, path }) => ["CMD", "wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${port}${path}`],
  bash: ({ port, path }) => [
    "CMD",
    "bash",
    "-c",
    `exec 3<>/dev/tcp/127.0.0.1/${port}; printf 'GET ${path} HTTP/1.0\\r\\n\\r\\n' >&3; read -r _ s _ <&3; [ "$$s" -lt 400 ]`,
  ],
};

function testWords(test: HealthTest): readonly string[] {
  if ("command" in test) return ["CMD", ...test.command];
  return "shell" in test ? ["CMD-SHELL", test.shell] : ASKING[test.http.prober](test.http);
}

export const healthcheckFor = (test: HealthTest): { readonly [key: string]: Plain } => ({
  test: testWords(test),
  interval: "30s",
  timeout: "5s",
  retries: 3,
  start_period: "30s",
});
