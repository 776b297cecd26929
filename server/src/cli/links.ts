/** Where the project and its rules are described. */

export const HOME = "https://github.com/dockwright/dockwright";

export const rulePage = (rule: string): string => `${HOME}/blob/main/docs/rules/${rule}.md`;
