/** A text as a regular expression that matches that text and nothing else. */
export const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
