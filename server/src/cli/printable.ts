/** Text from files, made safe for a terminal: no control sequences, nothing that turns the writing direction round. */

const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

export const printable = (text: string): string => text.replace(UNPRINTABLE, "\ufffd");
