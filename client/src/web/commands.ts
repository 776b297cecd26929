/** The commands that need nothing but the text, and so are there in an editor that runs in a browser. The menus leave the others out there. */
export const IN_A_BROWSER = [
  "dockwright.explainRule",
  "dockwright.fixAllSafe",
  "dockwright.restartServer",
  "dockwright.showLog",
] as const;
