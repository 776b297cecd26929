/** Create Builder: a builder of buildx in Kubernetes, at a BuildKit that runs elsewhere, or in a container here. */
import { ProgressLocation, Uri, window, workspace } from "vscode";
import { bootInvocation, createInvocation, type NewBuilder, problemOfBuilderName } from "../engines/builders.ts";
import { complaint } from "../engines/engine.ts";
import { runProgram } from "../process.ts";
import type { Parts } from "./command.ts";
import { choose } from "./select-builder.ts";

/** A cluster may have to pull BuildKit first. */
const DEADLINE_MS = 5 * 60_000;

export async function createBuilder({ log }: Parts): Promise<void> {
  const builder = await askBuilder();
  if (!builder) return;
  const failure = await window.withProgress(
    { location: ProgressLocation.Notification, title: `Creating the builder ${builder.name}`, cancellable: true },
    async (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort(new Error("cancelled")));
      const options = { signal: controller.signal, timeoutMs: DEADLINE_MS };
      try {
        const created = await runProgram(createInvocation(builder), options);
        if (created.code !== 0) return complaint(created);
        progress.report({ message: "starting it" });
        const booted = await runProgram(bootInvocation(builder.name), options);
        return booted.code === 0 ? undefined : `it was created and does not start: ${complaint(booted)}`;
      } catch (error) {
        if (controller.signal.aborted) return "cancelled";
        throw error;
      }
    },
  );
  if (failure !== undefined) {
    log.error(`Builder ${builder.name}: ${failure}`);
    void window.showErrorMessage(`Builder ${builder.name}: ${failure}`);
    return;
  }
  await choose({ engine: "docker-buildx", builder: builder.name, dockerContext: "" });
  void window.showInformationMessage(`The builder ${builder.name} is there, and images are built with it from now on`);
}

async function askBuilder(): Promise<NewBuilder | undefined> {
  const driver = (
    await window.showQuickPick(
      [
        { label: "Kubernetes", description: "pods of a cluster kubectl knows", driver: "kubernetes" as const },
        { label: "Remote", description: "a BuildKit daemon that runs elsewhere", driver: "remote" as const },
        {
          label: "Container",
          description: "BuildKit in a container of this Docker: several platforms, attestations, caches",
          driver: "docker-container" as const,
        },
      ],
      { placeHolder: "Where the builder runs" },
    )
  )?.driver;
  if (driver === undefined) return undefined;
  const name = await ask({
    title: "Builder",
    prompt: "Its name",
    value: driver === "docker-container" ? "container" : driver,
    problem: problemOfBuilderName,
  });
  if (name === undefined) return undefined;
  if (driver === "docker-container") return { driver, name };
  return driver === "kubernetes" ? askKubernetes(name) : askRemote(name);
}

async function askKubernetes(name: string): Promise<NewBuilder | undefined> {
  const kubeContext = await ask({
    title: "Kubernetes",
    prompt: "Context of kubectl; empty for the current one",
    value: "",
  });
  if (kubeContext === undefined) return undefined;
  const namespace = await ask({
    title: "Kubernetes",
    prompt: "Namespace",
    value: "default",
    problem: (text) =>
      /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text) ? undefined : "Small letters, digits and dashes, at most 63",
  });
  if (namespace === undefined) return undefined;
  const replicas = await ask({
    title: "Kubernetes",
    prompt: "How many pods",
    value: "1",
    problem: (text) => (/^[1-9]\d?$/.test(text) ? undefined : "A number from 1 to 99"),
  });
  if (replicas === undefined) return undefined;
  return {
    driver: "kubernetes",
    name,
    namespace,
    replicas: Number(replicas),
    ...(kubeContext !== "" && { kubeContext }),
  };
}

async function askRemote(name: string): Promise<NewBuilder | undefined> {
  const endpoint = await ask({
    title: "Remote",
    prompt: "Address of the BuildKit daemon",
    value: "tcp://",
    problem: (text) =>
      /^(?:tcp|unix|ssh|docker-container|kube-pod):\/\/\S+$/.test(text)
        ? undefined
        : "Such as tcp://host:1234 or unix:///run/buildkit/buildkitd.sock",
  });
  if (endpoint === undefined) return undefined;
  if (!endpoint.startsWith("tcp:")) return { driver: "remote", name, endpoint };
  const choice = await window.showQuickPick(
    [
      { label: "With TLS", description: "certificates of the authority and of this client", tls: true },
      { label: "Without TLS", description: "anybody on the way can read and build", tls: false },
    ],
    { placeHolder: "How to speak to it" },
  );
  if (!choice) return undefined;
  if (!choice.tls) return { driver: "remote", name, endpoint };
  const ca = await askFile("Certificate of the authority (ca.pem)");
  const cert = ca && (await askFile("Certificate of this client (cert.pem)"));
  const key = cert && (await askFile("Key of this client (key.pem)"));
  return ca && cert && key ? { driver: "remote", name, endpoint, tls: { ca, cert, key } } : undefined;
}

interface Question {
  readonly title: string;
  readonly prompt: string;
  readonly value: string;
  readonly problem?: (text: string) => string | undefined;
}

const ask = ({ title, prompt, value, problem = () => undefined }: Question): Thenable<string | undefined> =>
  window.showInputBox({ title, prompt, value, ignoreFocusOut: true, validateInput: problem });

async function askFile(title: string): Promise<string | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file(process.cwd());
  return (await window.showOpenDialog({ title, openLabel: "Choose", defaultUri: folder }))?.[0]?.fsPath;
}
