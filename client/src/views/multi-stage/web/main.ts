/** The page of *Convert to Multi-Stage*: what was decided and why, what else could be, what is left out. */
import { element } from "../../layers/web/dom.ts";
import { count, plain } from "../../layers/web/words.ts";
import type { Shown, ToHost, ToPage } from "../messages.ts";

declare const acquireVsCodeApi: () => { readonly postMessage: (message: ToHost) => void };

const host = acquireVsCodeApi();
const send = (message: ToHost): void => host.postMessage(message);

type Decision = Shown["decisions"][number];

const header = element("header");
const content = element("main");
const said = element("p", { class: "said", role: "status" });
document.body.append(header, content);

/** What has the focus when it is shown anew: the decision that was touched last keeps its place, for whoever works with the keyboard. */
let focused: string | undefined = "title";

const button = (text: string, act: () => void, kind = "second", label?: string): HTMLButtonElement => {
  const made = element("button", { class: `button ${kind}`, type: "button", "aria-label": label }, text);
  made.addEventListener("click", act);
  return made;
};

function choose(message: Extract<ToHost, { readonly decision: string }>): void {
  focused = idOf(message.decision);
  said.textContent = "";
  send(message);
}

function show(shown: Shown): void {
  const { decisions, dropped, chosen } = shown;
  const others = decisions.filter(({ id }) => !chosen.some(({ decision }) => decision === id));
  const doubtful = others.filter((each) => each.doubtful);
  const sure = others.filter((each) => !each.doubtful);
  header.replaceChildren(...headerOf(shown, doubtful.length), said);
  content.replaceChildren(
    ...part(`To look over (${doubtful.length})`, doubtful.map(decisionOf)),
    ...part(
      `Your choices (${chosen.length})`,
      chosen.map((each) => choiceOf(each, decisions)),
    ),
    ...part(`Decided (${sure.length})`, sure.map(decisionOf)),
    ...part(
      `Left out (${dropped.length})`,
      dropped.length > 0
        ? dropped.map(({ text, why }) => element("article", {}, element("pre", {}, plain(text)), whyOf(why)))
        : [element("p", {}, "Every command of the file is in the result.")],
    ),
  );
  if (focused !== undefined) document.getElementById(focused)?.focus();
  focused = undefined;
}

const part = (title: string, rows: readonly Node[]): readonly Node[] =>
  rows.length === 0 ? [] : [element("section", {}, element("h2", {}, title), ...rows)];

function headerOf({ name, ecosystem, stages, restricted }: Shown, doubtful: number): readonly Node[] {
  const look =
    doubtful === 0
      ? ""
      : ` ${count(doubtful, "decision")} to look over, which nothing in the file or the project proves.`;
  const toolbar = element(
    "div",
    { class: "buttons", role: "toolbar", "aria-label": "The conversion as a whole" },
    button("Apply", () => send({ kind: "apply" }), ""),
    restricted
      ? button("Manage Workspace Trust", () => send({ kind: "trust" }))
      : button("Verify", () => send({ kind: "verify" }), "second", "Verify: build and run both"),
    button("Show Difference", () => send({ kind: "difference" })),
    button("Cancel", () => send({ kind: "cancel" })),
  );
  const note = "The project’s files are not read in Restricted Mode, so more is doubtful than has to be.";
  return [
    element("h1", { id: "title", tabindex: -1 }, `${plain(name)} in ${count(stages, "stage")}`),
    element("p", {}, `${plain(ecosystem)}. Nothing is written before you apply it.${look}`),
    ...(restricted ? [element("p", {}, note)] : []),
    toolbar,
  ];
}

function decisionOf(decision: Decision): HTMLElement {
  const { id, what, why, doubtful, alternatives } = decision;
  const instead = alternatives.length > 0 ? [insteadOf(decision)] : [];
  return card(id, doubtful ? "Doubtful" : undefined, what, whyOf(why), ...instead);
}

/** With what follows from it, where something is said of that. */
function choiceOf({ decision: id, label }: Shown["chosen"][number], decisions: readonly Decision[]): HTMLElement {
  const now = decisions.find((each) => each.id === id);
  const undo = button("Undo My Choice", () => choose({ kind: "reset", decision: id }));
  return now
    ? card(id, undefined, now.what, whyOf(now.why), insteadOf(now, undo))
    : card(id, undefined, label, element("div", { class: "buttons" }, undo));
}

const idOf = (decision: string): string => `decision-${decision}`;

function card(id: string, mark: string | undefined, what: string, ...more: readonly Node[]): HTMLElement {
  const title = element(
    "h3",
    { id: idOf(id), tabindex: -1 },
    ...(mark === undefined ? [] : [element("span", { class: "mark" }, mark), " "]),
    `${sentence(what)}.`,
  );
  return element(
    "article",
    { class: mark === undefined ? "" : "doubtful", role: "group", "aria-labelledby": idOf(id) },
    title,
    ...more,
  );
}

const whyOf = (why: string): HTMLElement => element("p", { class: "why" }, `Why: ${plain(why)}.`);

/** Clauses begin with a capital letter here; names of programs and files stay as they are. */
const sentence = (clause: string): string => plain(clause).replace(/^[a-z](?=[a-z]* )/, (first) => first.toUpperCase());

function insteadOf({ id, alternatives }: Decision, ...more: readonly Node[]): HTMLElement {
  const buttons = alternatives.map(({ id: alternative, label }) =>
    button(
      sentence(label),
      () => choose({ kind: "choose", decision: id, alternative }),
      "second",
      `Instead: ${plain(label)}`,
    ),
  );
  return element(
    "div",
    { class: "buttons" },
    buttons.length > 0 && element("span", { "aria-hidden": "true" }, "Instead:"),
    ...buttons,
    ...more,
  );
}

addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
  if (data.kind === "shown") show(data.shown);
  else said.textContent = plain(data.text);
});
send({ kind: "ready" });
