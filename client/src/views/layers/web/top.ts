/** What is above the list: the image in a few words, what goes on, what could be saved. */
import type { OpenedImage, Suggestion } from "../../../../../server/src/lsp/messages.ts";
import type { Content, PanelCommand, Status } from "../messages.ts";
import { element, icon, set } from "./dom.ts";
import { count, growth, percent, plain, size } from "./words.ts";

type Send = (command: PanelCommand) => void;

const button = (text: string, act: () => void, kind = ""): HTMLButtonElement => {
  const made = element("button", { class: `button ${kind}`, type: "button" }, text);
  made.addEventListener("click", act);
  return made;
};

const MEANING: Readonly<Record<OpenedImage["sizeMeaning"], string>> = {
  content: "",
  compressed: " compressed",
  snapshot: "",
};

export function facts({ image, comparison, dockerfile }: Content, send: Send): readonly Node[] {
  if (!image) return [];
  const { totals, layers, platform, history } = image;
  const wasted = totals.wastedBytes ?? 0;
  const since = comparison
    ? `${growth(comparison.changes.bytes)} against ${plain(comparison.title)}`
    : history && history.bytes !== 0
      ? `${growth(history.bytes)} since the last build`
      : undefined;
  const leave = element(
    "button",
    { class: "quiet", type: "button", "aria-label": "End the comparison", title: "End the comparison" },
    icon("close"),
  );
  leave.addEventListener("click", () => send("leaveComparison"));
  const details = [
    `${size(totals.bytes)}${MEANING[image.sizeMeaning]}`,
    count(layers.length, "layer"),
    platform,
  ].filter((part) => part !== undefined);
  return [
    element(
      "h2",
      { class: "title", title: [plain(image.title), dockerfile, image.digest].filter(Boolean).join("\n") },
      plain(image.title),
    ),
    element("p", { class: "facts", title: image.sizeNote }, details.join(" · ")),
    ...(image.deep
      ? [
          element(
            "p",
            { class: wasted > 0 ? "facts wasted" : "facts" },
            wasted > 0
              ? `${size(wasted)} wasted, ${percent(totals.bytes > 0 ? wasted / totals.bytes : 0)}`
              : "Nothing is wasted",
          ),
        ]
      : []),
    ...(since === undefined
      ? []
      : [element("p", { class: "facts since" }, element("span", {}, since), comparison ? leave : undefined)]),
  ];
}

const WHY_NO_IMAGE =
  "The layers of an image, tied to the lines of its Dockerfile: what each costs, what is in it, what is wasted.";

export function emptyText({ restricted, again, busy }: Status, send: Send): readonly Node[] {
  if (busy) return [];
  if (restricted)
    return [
      element("p", {}, "No image is read in Restricted Mode: engines are programs, and no program is run."),
      button("Manage Workspace Trust", () => send("trust")),
    ];
  return [
    element("p", {}, WHY_NO_IMAGE),
    button("Show Layers of…", () => send("show")),
    ...(again === undefined ? [] : [button(`Show ${plain(again)} Again`, () => send("again"), "second")]),
  ];
}

/** What goes on, for those who look and, through its live region, for those who listen. */
export interface StatusPart {
  readonly element: HTMLElement;
  readonly show: (status: Status) => void;
}

export function statusPart(onCancel: () => void, onRead: () => void): StatusPart {
  const words = element("span", { class: "words" });
  const figure = element("span", { class: "figure", "aria-hidden": "true" });
  const filled = element("span", { class: "filled" });
  const track = element(
    "div",
    { class: "track", role: "progressbar", "aria-label": "Read so far", "aria-valuemin": 0, "aria-valuemax": 100 },
    filled,
  );
  const cancel = button("Cancel", onCancel, "second");
  const busy = element(
    "div",
    { class: "busy", hidden: true },
    element("div", { class: "line" }, words, figure, cancel),
    track,
  );
  const spoken = element("p", { class: "unseen", role: "status" });
  const failure = element("p", { class: "failure", role: "alert", hidden: true });
  const offerText = element("span", { class: "words" });
  const read = button("", onRead);
  const offer = element("div", { class: "offer", hidden: true }, offerText, read);
  return {
    element: element("div", { class: "status" }, busy, offer, failure, spoken),
    show(status) {
      const { busy: now, failure: why, offer: offered } = status;
      busy.hidden = !now;
      if (now) {
        words.textContent = now.what;
        const share = now.total ? Math.min(1, now.bytes / now.total) : undefined;
        figure.textContent =
          share === undefined ? (now.bytes > 0 ? size(now.bytes) : "") : `${Math.floor(share * 100)} %`;
        track.classList.toggle("unknown", share === undefined);
        filled.style.width = share === undefined ? "" : `${share * 100}%`;
        if (share === undefined) track.removeAttribute("aria-valuenow");
        else track.setAttribute("aria-valuenow", String(Math.floor(share * 100)));
      }
      const said = now ? now.what : "";
      if (spoken.textContent !== said) spoken.textContent = said;
      failure.hidden = why === undefined;
      failure.textContent = why ?? "";
      offer.hidden = !offered || now !== undefined;
      offerText.textContent = offered?.text ?? "";
      read.textContent = offered?.button ?? "";
    },
  };
}

export interface Suggestions {
  readonly element: HTMLElement;
  readonly show: (suggestions: readonly Suggestion[], isOpen: boolean) => void;
  /** What came of a fix. */
  readonly say: (index: number, text: string) => void;
}

/** The largest are enough to begin with. */
const FIRST = 3;

interface Acts {
  readonly onFix: (index: number) => void;
  readonly onLine: (layer: number) => void;
  readonly onExplain: (rule: string) => void;
  readonly onFold: (isOpen: boolean) => void;
}

export function suggestionList({ onFix, onLine, onExplain, onFold }: Acts): Suggestions {
  const summary = element("summary");
  const rows = element("ul");
  const more = button("", () => showAll(), "link");
  const whole = element("details", { class: "suggestions", hidden: true }, summary, rows, more);
  whole.addEventListener("toggle", () => onFold(whole.open));
  const showAll = (): void => {
    for (const row of rows.children) row.removeAttribute("hidden");
    more.hidden = true;
    rows.children[FIRST]?.querySelector("button")?.focus();
  };

  const act = (suggestion: Suggestion, index: number): HTMLButtonElement | undefined => {
    const { title, layer, line, rule, fixTitle } = suggestion;
    const [text, does, label] =
      fixTitle !== undefined
        ? ["Fix", () => onFix(index), `Fix: ${plain(title)}`]
        : rule !== undefined
          ? ["Explain", () => onExplain(rule), `Explain ${rule}`]
          : line !== undefined
            ? ["Show", () => onLine(layer), `Show line ${line + 1}`]
            : [];
    if (text === undefined || !does) return undefined;
    const made = button(text, does, text === "Fix" ? "" : "second");
    set(made, "aria-label", label);
    set(made, "title", fixTitle);
    return made;
  };

  const rowOf = (suggestion: Suggestion, index: number): HTMLElement => {
    const advice = element("p", { class: "advice", hidden: true }, plain(suggestion.advice));
    const title = element(
      "button",
      { class: "what", type: "button", "aria-expanded": "false" },
      plain(suggestion.title),
    );
    title.addEventListener("click", () => {
      advice.hidden = !advice.hidden;
      set(title, "aria-expanded", String(!advice.hidden));
    });
    return element(
      "li",
      { hidden: index >= FIRST },
      title,
      act(suggestion, index),
      advice,
      element("p", { class: "said", role: "status" }),
    );
  };

  return {
    element: whole,
    show(suggestions, isOpen) {
      whole.hidden = suggestions.length === 0;
      whole.open = isOpen;
      summary.replaceChildren(icon("chevron"), element("span", {}, count(suggestions.length, "suggestion")));
      rows.replaceChildren(...suggestions.map(rowOf));
      more.textContent = `${suggestions.length - FIRST} more`;
      more.hidden = suggestions.length <= FIRST;
    },
    say(index, text) {
      const said = rows.children[index]?.querySelector(".said");
      if (said) said.textContent = plain(text);
    },
  };
}
