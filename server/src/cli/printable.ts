/** Text from files, made safe for a terminal: no control sequences, nothing that turns the writing direction round. */

const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\ufeff]/gu;

export const printable = (text: string): string => text.replace(UNPRINTABLE, "\ufffd");
