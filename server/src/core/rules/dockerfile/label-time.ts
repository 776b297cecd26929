import { labelValueRule } from "../labels.ts";

export default labelValueRule({
  id: "label-time",
  kind: "rfc3339",
  summary: "a label of the schema that should be a time is none",
  sameAs: ["hadolint:DL3053"],
  fixable: "never",
  why: `
Whoever sorts images by age, or looks for old ones, reads the time with a parser for RFC 3339: a day alone, a time without zone, or
the 30th of February is an error there, or another moment than was meant. Silent without a schema, and where a variable has a part
in the value.`,
  good: "2026-03-01T12:00:00Z",
  bad: "2026-03-01 12:00",
  fault: (value) =>
    isTime(value) ? undefined : { message: `is no RFC 3339 time such as 2026-03-01T12:00:00Z: ${value}` },
});

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-](\d\d):(\d\d))$/i;

function isTime(value: string): boolean {
  const found = TIME.exec(value);
  if (!found) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offset = 0, offsetMinute = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0));
  // A leap second is the 60th.
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysIn(year, month) &&
    hour < 24 &&
    minute < 60 &&
    second <= 60 &&
    offset < 24 &&
    offsetMinute < 60
  );
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
