/** The image whose layers are shown: opened, read on, compared, closed; what the panel shows follows from it. */
import { commands, type Disposable, type LogOutputChannel, type Memento, Uri, window, workspace } from "vscode";
import { type BaseLanguageClient, State } from "vscode-languageclient";
import type {
  CloseImageParams,
  ComparedOpened,
  CompareOpenedParams,
  ImageFolder,
  ImageFolderParams,
  ImageLine,
  ImageLinesParams,
  OpenedImage,
} from "../../../../server/src/lsp/messages.ts";
import { sizeOf } from "../../build/summary.ts";
import { createBuilds } from "./builds.ts";
import { applySuggestion } from "./fix.ts";
import { createLines } from "./lines.ts";
import type { Comparison, Content, PageQuestion, Status, ToPanel, View } from "./messages.ts";
import { type LayersRequest, nameOf, openImage } from "./open.ts";

export const LAYERS_VIEW = "dockwrightLayers";

export interface Layers extends Disposable {
  /** Opens the view: the sizes first, then all files; those of a registry once somebody has said so. */
  readonly show: (request: LayersRequest) => Promise<void>;
  /** Compares what is shown, as the newer one, with another image. */
  readonly compareWith: (request: LayersRequest) => Promise<void>;
  readonly compareWithLast: () => Promise<void>;
  readonly endComparison: () => void;
  readonly refresh: () => Promise<void>;
  readonly close: () => void;
  readonly shown: () => LayersRequest | undefined;
}

/** What the panel asks for. */
export interface LayersForPanel extends Layers {
  readonly listen: (send: (message: ToPanel) => void) => Disposable;
  /** The page is there, and knows nothing. */
  readonly tellAll: () => void;
  readonly page: (question: PageQuestion) => Promise<ImageFolder>;
  readonly showLine: (layer: number) => Promise<void>;
  readonly fix: (suggestion: number) => Promise<string>;
  readonly readFiles: () => Promise<void>;
  readonly cancel: () => void;
  readonly again: () => Promise<void>;
  readonly keepView: (view: View) => void;
}

interface Shown {
  readonly request: LayersRequest;
  readonly image: OpenedImage;
}

interface Kept {
  readonly request: LayersRequest;
  readonly view?: View;
}

const KEPT = "dockwright.layers";

export function createLayers(client: BaseLanguageClient, state: Memento, log: LogOutputChannel): LayersForPanel {
  let shown: Shown | undefined;
  let comparison: Comparison | undefined;
  const builds = createBuilds();
  let status: Omit<Status, "restricted" | "again"> = {};
  let work: AbortController | undefined;
  let send: ((message: ToPanel) => void) | undefined;

  const lines = createLines({
    onLayer: (layer) => send?.({ kind: "select", layer }),
    onEdited: () => void tellLines(),
  });

  const keyOf = ({ uri, target, source }: LayersRequest): string =>
    JSON.stringify(uri === undefined ? source : [uri, target]);
  const kept = (): Kept | undefined => state.get<Kept>(KEPT);
  const dockerfileOf = ({ uri }: LayersRequest): Uri | undefined => (uri === undefined ? undefined : Uri.parse(uri));

  const content = (): Content => {
    const uri = shown && dockerfileOf(shown.request);
    return {
      ...(shown && { image: shown.image }),
      ...(uri && { dockerfile: workspace.asRelativePath(uri) }),
      ...(comparison && { comparison }),
    };
  };
  const tellContent = (): void => {
    void commands.executeCommand("setContext", "dockwright.hasLayers", shown !== undefined);
    void commands.executeCommand("setContext", "dockwright.hasLastLayers", lastImage() !== undefined);
    void commands.executeCommand("setContext", "dockwright.comparesLayers", comparison !== undefined);
    const view = kept()?.view;
    send?.({ kind: "content", content: content(), ...(view && { view }) });
  };
  const tellStatus = (now: typeof status): void => {
    status = now;
    const before = kept();
    send?.({
      kind: "status",
      status: { ...status, restricted: !workspace.isTrusted, ...(before && { again: nameOf(before.request) }) },
    });
  };
  const lastImage = (): OpenedImage | undefined => shown && builds.lastOf(keyOf(shown.request));

  async function tellLines(): Promise<void> {
    const asked = shown;
    if (!asked || asked.request.uri === undefined) return;
    const params: ImageLinesParams = { id: asked.image.id };
    const now = await client.sendRequest<readonly ImageLine[]>("dockwright/imageLines", params).catch(() => undefined);
    if (!now || shown !== asked) return;
    lines.follow(dockerfileOf(asked.request), now);
    send?.({ kind: "lines", lines: now });
  }

  const forget = ({ id }: Pick<OpenedImage, "id">): void => {
    const params: CloseImageParams = { id };
    if (client.isRunning()) void client.sendRequest("dockwright/closeImage", params).catch(() => {});
  };

  /** What is kept for later comparisons stays open. */
  const dropComparison = (): void => {
    if (comparison && !builds.has(comparison.id)) forget(comparison);
    comparison = undefined;
  };

  /** One piece of work at a time: what is begun ends what went on. */
  async function working<T>(what: string, act: (signal: AbortSignal, say: Say) => Promise<T>): Promise<T | undefined> {
    work?.abort();
    const mine = new AbortController();
    work = mine;
    const say: Say = (words, bytes = 0, total) => {
      if (work === mine) tellStatus({ busy: { what: words, bytes, ...(total !== undefined && { total }) } });
    };
    say(what);
    try {
      return await act(mine.signal, say);
    } catch (error) {
      if (mine.signal.aborted) return undefined;
      log.error(what, error instanceof Error ? error : String(error));
      if (work === mine) tellStatus({ failure: error instanceof Error ? error.message : String(error) });
      return undefined;
    } finally {
      if (work === mine) {
        work = undefined;
        if (status.busy) tellStatus({});
      }
    }
  }

  async function opened(request: LayersRequest, deep: boolean, signal: AbortSignal, say: Say): Promise<OpenedImage> {
    const uri = dockerfileOf(request);
    // The server is told of open files only.
    if (uri) await workspace.openTextDocument(uri).then(undefined, () => undefined);
    const what = deep ? "Reading the files" : `Looking at ${nameOf(request)}`;
    let told = 0;
    const { image, failure } = await openImage(client, request, {
      ...{ deep, signal },
      onProgress({ bytes, total }) {
        const now = performance.now();
        if (now - told < PROGRESS_MS) return;
        told = now;
        say(what, bytes, total);
      },
    });
    signal.throwIfAborted();
    if (!image) throw new Error(failure ?? `${nameOf(request)} could not be opened`);
    return image;
  }

  function put(request: LayersRequest, image: OpenedImage): void {
    const before = shown;
    const key = keyOf(request);
    // What is read again is compared again.
    dropComparison();
    shown = { request, image };
    if (image.deep) for (const gone of builds.put(key, image)) forget(gone);
    if (before && !before.image.deep && before.image.id !== image.id) forget(before.image);
    lines.follow(
      dockerfileOf(request),
      image.layers.flatMap(({ layer, line, endLine }) =>
        line === undefined ? [] : [{ layer, line, endLine: endLine ?? line, stale: false }],
      ),
    );
    tellContent();
    void tellLines();
  }

  const bytesToRead = ({ totals }: OpenedImage): number => totals.compressedBytes ?? totals.bytes;

  async function show(request: LayersRequest): Promise<void> {
    const view = kept()?.view;
    await state.update(KEPT, { request, ...(view && { view }) } satisfies Kept);
    await commands.executeCommand(`${LAYERS_VIEW}.focus`);
    const offered = await working(`Looking at ${nameOf(request)}`, async (signal, say) => {
      // An archive is read as a whole in any case.
      if (request.source.kind !== "path") {
        const outline = await opened(request, false, signal, say);
        put(request, outline);
        if (request.source.kind === "registry") return outline;
      }
      put(request, await opened(request, true, signal, say));
      return undefined;
    });
    if (work) return;
    if (offered)
      tellStatus({
        offer: { text: `Reading its files downloads ${sizeOf(bytesToRead(offered))}.`, button: "Download and Read" },
      });
    else if (shown?.request === request && !shown.image.deep && status.failure === undefined) offerFiles();
  }

  /** After it was cancelled. */
  const offerFiles = (): void => tellStatus({ offer: { text: "Its files are not read.", button: "Read the Files" } });

  async function readFiles(): Promise<void> {
    const asked = shown;
    if (!asked) return;
    const read = await working("Reading the files", async (signal, say) => {
      put(asked.request, await opened(asked.request, true, signal, say));
      return true;
    });
    if (read !== true && !work && status.failure === undefined) offerFiles();
  }

  async function compare(with_: OpenedImage, title: string, signal: AbortSignal): Promise<void> {
    if (!shown) return;
    const { id } = with_;
    const params: CompareOpenedParams = { a: id, b: shown.image.id };
    const { changes, failure } = await client.sendRequest<ComparedOpened>("dockwright/compareOpened", params);
    signal.throwIfAborted();
    if (!changes) throw new Error(failure ?? "The images could not be compared");
    if (comparison?.id !== id) dropComparison();
    comparison = { id, title, changes };
    tellContent();
  }

  async function compareWith(request: LayersRequest): Promise<void> {
    await commands.executeCommand(`${LAYERS_VIEW}.focus`);
    const title = nameOf(request);
    await working(`Looking at ${title}`, async (signal, say) => {
      let other: OpenedImage | undefined;
      if (request.source.kind === "registry" && shown?.image.deep === true) {
        other = await opened(request, false, signal, say);
        if (!(await mayDownload(title, bytesToRead(other), signal))) return;
        forget(other);
        other = undefined;
      }
      other ??= await opened(request, shown?.image.deep === true, signal, say);
      say(`Comparing with ${title}`);
      await compare(other, title, signal);
    });
  }

  // A server that was started again has nothing open.
  const restarting = client.onDidChangeState(({ newState }) => {
    if (newState !== State.Running || !shown) return;
    builds.clear();
    comparison = undefined;
    tellContent();
    tellStatus({ offer: { text: "The server was started again.", button: "Read the Files Again" } });
  });

  return {
    show,
    compareWith,
    async compareWithLast() {
      const older = lastImage();
      if (!older) {
        void window.showInformationMessage(
          "There is no build to compare with yet: build again, and show the layers of that",
        );
        return;
      }
      await working("Comparing with the last build", (signal) => compare(older, "the last build", signal));
    },
    endComparison() {
      dropComparison();
      tellContent();
    },
    async refresh() {
      if (shown) await show(shown.request);
    },
    close() {
      work?.abort();
      dropComparison();
      const closed = builds.clear();
      for (const image of closed) forget(image);
      if (shown && !closed.includes(shown.image)) forget(shown.image);
      shown = undefined;
      lines.follow(undefined, []);
      tellContent();
      tellStatus({});
    },
    shown: () => shown?.request,
    listen(to) {
      send = to;
      return {
        dispose() {
          if (send === to) send = undefined;
        },
      };
    },
    tellAll() {
      tellContent();
      tellStatus(status);
    },
    async page(question) {
      if (!shown) return { total: 0, rows: [], failure: "No image is open" };
      const params: ImageFolderParams = {
        id: shown.image.id,
        ...question,
        ...(comparison && { against: comparison.id }),
      };
      try {
        return await client.sendRequest<ImageFolder>("dockwright/imageFolder", params);
      } catch (error) {
        return { total: 0, rows: [], failure: error instanceof Error ? error.message : String(error) };
      }
    },
    showLine: (layer) => lines.show(layer),
    async fix(index) {
      const suggestion = shown?.image.suggestions[index];
      const uri = shown && dockerfileOf(shown.request);
      if (!suggestion || suggestion.line === undefined || !uri) return "No line of a Dockerfile is known for it";
      const then = shown?.image.layers.find(({ layer }) => layer === suggestion.layer);
      const now = lines.lineOf(suggestion.layer);
      if (!now) return "The instruction is no longer in the Dockerfile";
      // One layer may be of several instructions; they move together.
      const isWithin =
        then?.line !== undefined && then.line <= suggestion.line && suggestion.line <= (then.endLine ?? then.line);
      const line = suggestion.line + now.line - (then?.line ?? now.line);
      const said = await applySuggestion(client, uri, suggestion, isWithin ? now : { line, endLine: line });
      await tellLines();
      return said;
    },
    readFiles,
    cancel: () => work?.abort(),
    async again() {
      const before = kept();
      if (before) await show(before.request);
    },
    keepView(view) {
      const before = kept();
      if (before) void state.update(KEPT, { ...before, view } satisfies Kept);
    },
    dispose() {
      work?.abort();
      restarting.dispose();
      lines.dispose();
    },
  };
}

type Say = (words: string, bytes?: number, total?: number) => void;

const PROGRESS_MS = 100;

async function mayDownload(title: string, bytes: number, signal: AbortSignal): Promise<boolean> {
  const yes = "Download and Compare";
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  const asked = window.showInformationMessage(`Comparing with ${title} downloads ${sizeOf(bytes)}.`, yes);
  return (await Promise.race([asked, aborted])) === yes;
}
