/** Signals that STOPSIGNAL takes: names with or without SIG, in any case, or numbers but 0 (moby/sys/signal, signal_linux.go). */

const NAMES =
  "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX";

const upTo = (name: string, sign: string, most: number): string[] =>
  Array.from({ length: most }, (_, at) => `${name}${sign}${at + 1}`);

/** Without SIG. */
export const SIGNALS: ReadonlySet<string> = new Set([
  ...NAMES.split(" "),
  ...upTo("RTMIN", "+", 15),
  ...upTo("RTMAX", "-", 14),
]);

export const isSignal = (text: string): boolean =>
  /^[-+]?\d+$/.test(text) ? Number(text) !== 0 : SIGNALS.has(text.toUpperCase().replace(/^SIG/, ""));
