/**
 * Text from files, made safe for a terminal: no control sequences, nothing that turns the writing direction round, and no line
 * of megabytes, which a message is that quotes a word of a file that is no Dockerfile.
 */

const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\ufeff]/gu;

/** The middle of a long line. */
const TOO_LONG = /^(.{300}).+(.{100})$/gm;

export const printable = (text: string): string => text.replace(TOO_LONG, "$1…$2").replace(UNPRINTABLE, "\ufffd");
