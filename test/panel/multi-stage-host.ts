/** In the page of *Convert to Multi-Stage*: answers it as the extension does, and keeps what it says. */
import type { ToHost, ToPage } from "../../client/src/views/multi-stage/messages.ts";

export interface Staged {
  /** What the page has said, oldest first. */
  readonly sent: ToHost[];
  readonly violations: string[];
  readonly tell: (message: ToPage) => void;
}

declare global {
  var staged: Staged;
}

const sent: ToHost[] = [];
globalThis.staged = { sent, violations: [], tell: (message) => window.postMessage(message) };
Object.assign(globalThis, { acquireVsCodeApi: () => ({ postMessage: (message: ToHost) => sent.push(message) }) });
document.addEventListener("securitypolicyviolation", ({ violatedDirective }) => {
  staged.violations.push(violatedDirective);
});
