/** Where the parts of compose values stand in their text, and what is said of those that are wrong. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDevice } from "../../server/src/core/model/compose/device.ts";
import { parseEnvFile } from "../../server/src/core/model/compose/env-file.ts";
import { hostAddress, parseExtraHost } from "../../server/src/core/model/compose/extra-host.ts";
import { type Fault, isFault } from "../../server/src/core/model/compose/fault.ts";
import {
  hasVariables,
  interpolate,
  interpolationsIn,
  unescaped,
  type Variable,
  withDefaults,
  withNested,
} from "../../server/src/core/model/compose/interpolation.ts";
import { keyValue } from "../../server/src/core/model/compose/key-value.ts";
import { isContainerName, isProjectName } from "../../server/src/core/model/compose/names.ts";
import { isKnownMode, parseNamespaceMode, wordsOfMode } from "../../server/src/core/model/compose/namespace-mode.ts";
import { parseExpose, parsePort } from "../../server/src/core/model/compose/port.ts";
import { parseRestart } from "../../server/src/core/model/compose/restart.ts";
import { exceeds, isUlimitName, parseUlimit } from "../../server/src/core/model/compose/ulimit.ts";
import { parseVolume, volumeOptionKind } from "../../server/src/core/model/compose/volume.ts";
import { applyEdits, type Span } from "../../server/src/core/text/edit.ts";

const cut = (text: string, { start, end }: Span): string => text.slice(start, end);

function partsOf<T extends object>(text: string, parsed: T | Fault): Record<string, string> {
  assert.ok(!isFault(parsed), text);
  const { spans } = parsed as T & { readonly spans: Readonly<Record<string, Span>> };
  return Object.fromEntries(Object.entries(spans).map(([name, span]) => [name, cut(text, span)]));
}

type Parse = (text: string) => object;

const PARTS: readonly (readonly [Parse, text: string, parts: Record<string, string>])[] = [
  [parsePort, "80", { target: "80" }],
  [parsePort, "8080:80/udp", { published: "8080", target: "80", protocol: "udp" }],
  [parsePort, "127.0.0.1:8000-8001:80-81", { hostIp: "127.0.0.1", published: "8000-8001", target: "80-81" }],
  [parsePort, "[::1]::80", { hostIp: "[::1]", target: "80" }],
  [parsePort, ":80", { target: "80" }],
  [parseExpose, "3000-3010/sctp", { target: "3000-3010", protocol: "sctp" }],
  [parseVolume, "/data", { target: "/data" }],
  [parseVolume, "db:/data:ro,z", { source: "db", target: "/data", options: "ro,z" }],
  [parseVolume, "C:\\x:/y:rw", { source: "C:\\x", target: "/y", options: "rw" }],
  [parseVolume, "${DIR:-./x}:/y", { source: "${DIR:-./x}", target: "/y" }],
  [parseRestart, "on-failure:3", { policy: "on-failure", retries: "3" }],
  [parseRestart, "always", { policy: "always" }],
  [parseDevice, "/dev/a:/dev/b:rw", { source: "/dev/a", target: "/dev/b", permissions: "rw" }],
  [parseDevice, "/dev/a::r", { source: "/dev/a", permissions: "r" }],
  [parseExtraHost, "db=10.0.0.1,10.0.0.2", { host: "db", addresses: "10.0.0.1,10.0.0.2" }],
  [parseExtraHost, "db:::1", { host: "db", addresses: "::1" }],
];

test("the parts of a value stand where the spans say", () => {
  for (const [parse, text, parts] of PARTS) assert.deepEqual(partsOf(text, parse(text)), parts, text);
});

const FAULTS: readonly (readonly [Parse, text: string, problem: string, at: string, refused?: false])[] = [
  [parsePort, "70000:80", "70000 is no port: the highest is 65535", "70000"],
  [parsePort, "80:9-5", "the range 9-5 ends before it begins", "9-5"],
  [parsePort, "web", '"web" is no port and no range of ports', "web"],
  [parsePort, "8080:", "no port of the container is named", ""],
  [parsePort, "8080:0", "0 is no port of a container", "0"],
  [parsePort, "80/icmp", "icmp is no protocol: there are tcp, udp and sctp", "icmp"],
  [parsePort, "80-82:90-91", "3 ports of the host cannot lead to 2 of the container", "80-82:90-91"],
  [parsePort, "localhost:1:2", '"localhost" is no IP address', "localhost"],
  [parsePort, "::1:1:2", "the IPv6 address in ::1:1:2 needs brackets around it", "::1"],
  [
    parsePort,
    "127.0.0.1:80",
    "a port of the host is missing behind the address 127.0.0.1: write 127.0.0.1::80",
    "127.0.0.1",
  ],
  [parsePort, "[::1]:80", "a port of the host is missing behind the address [::1]: write [::1]::80", "[::1]"],
  [parseExpose, "80:80", '"80:80" is no port and no range of ports', "80:80"],
  [parseVolume, "", "nothing says what to mount", ""],
  [parseVolume, "db:", "nothing stands behind the last colon", ""],
  [parseVolume, ":/data", "nothing stands before the first colon", ""],
  [parseVolume, "db::ro", "nothing stands between two colons", ""],
  [parseVolume, "db:/data:ro:z", "a volume has at most a source, a target and options", ":z"],
  [parseRestart, "sometimes", '"sometimes" is no restart policy', "sometimes"],
  [parseRestart, "always:3", "always takes no number of retries", "3"],
  [parseRestart, "on-failure:-1", "a number of retries cannot be negative", "-1"],
  [parseRestart, "on-failure:x", '"x" is no number of retries, and compose takes it for none', "x", false],
  [parseDevice, "a:b:c:d", "a device has at most a source, a target and permissions", ":d"],
  [parseDevice, ":/dev/b", "no device of the host is named", ":", false],
  [parseExtraHost, "db", '"db" names no address', "db"],
  [parseExtraHost, "a:b=::1", 'the name of a host cannot contain a colon, as "a:b" does', "a:b"],
];

test("what is wrong is said in words, with its place", () => {
  for (const [parse, text, problem, at, refused = true] of FAULTS) {
    const parsed = parse(text);
    assert.ok(isFault(parsed), text);
    assert.deepEqual([parsed.problem, cut(text, parsed.span), parsed.refused], [problem, at, refused], text);
  }
});

test("values that only say what they are", () => {
  assert.deepEqual(parseRestart("any"), { policy: "always", spans: { policy: { start: 0, end: 3 } } });
  assert.deepEqual(parseNamespaceMode("service:db"), { kind: "service", name: "db", nameSpan: { start: 8, end: 10 } });
  assert.deepEqual(parseNamespaceMode("host"), { kind: "word", name: "host" });
  const modes = ["shareable", "container:x", "service:", "bridge"].map((mode) => isKnownMode("ipc", mode));
  assert.deepEqual(modes, [true, true, false, false]);
  assert.ok(isKnownMode("network_mode", "my-network"));
  assert.ok(!isKnownMode("uts", "service:x"));
  assert.deepEqual(wordsOfMode("cgroup"), ["host", "private"]);
  assert.deepEqual(["web_1", "a", "-ab", "a b", "/web"].map(isContainerName), [true, false, false, false, true]);
  assert.deepEqual(["my-app_1", "MyApp", "_a", "9"].map(isProjectName), [true, false, false, true]);
  assert.deepEqual(["nofile", "as", "NOFILE"].map(isUlimitName), [true, false, false]);
  assert.deepEqual(["-1", "65535", "many"].map(parseUlimit), [-1, 65_535, undefined]);
  assert.deepEqual([exceeds(5, 3), exceeds(-1, 3), exceeds(5, -1), exceeds(3, 3)], [true, true, false, false]);
  assert.deepEqual(["ro", "cached", "r0"].map(volumeOptionKind), ["honoured", "without effect", undefined]);
  assert.deepEqual(keyValue("A=b=c").valueSpan, { start: 2, end: 5 });
  const cdi = ["nvidia.com/gpu=all", "/dev/a", "nvidia.com/gpu=all:/dev/x"].map((text) => {
    const device = parseDevice(text);
    return !isFault(device) && device.cdi;
  });
  assert.deepEqual(cdi, [true, false, false]);
  const valid = ["10.0.0.1", "[::1]", "host-gateway", "db", ""].map((text) => hostAddress(text).valid);
  assert.deepEqual(valid, [true, true, true, false, false]);
});

const shape = (text: string, { nested, ...variable }: Variable): object => ({
  text: cut(text, variable),
  name: text.slice(variable.nameStart, variable.nameEnd),
  form: (variable.colon ? ":" : "") + variable.form,
  ...(variable.word !== undefined && {
    word: text.slice(variable.wordStart, (variable.wordStart ?? 0) + variable.word.length),
  }),
  ...(nested.length > 0 && { nested: nested.map((each) => shape(text, each)) }),
});

test("variables with their names, operators and words", () => {
  const text = "$A ${B} ${C:-c${D-d}} ${E?e} ${F:+f} $$G";
  const { variables, problems } = interpolationsIn(text);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    variables.map((variable) => shape(text, variable)),
    [
      { text: "$A", name: "A", form: "plain" },
      { text: "${B}", name: "B", form: "plain" },
      {
        text: "${C:-c${D-d}}",
        name: "C",
        form: ":default",
        word: "c${D-d}",
        nested: [{ text: "${D-d}", name: "D", form: "default", word: "d" }],
      },
      { text: "${E?e}", name: "E", form: "required", word: "e" },
      { text: "${F:+f}", name: "F", form: ":alternative", word: "f" },
    ],
  );
  assert.deepEqual(
    withNested(variables).map(({ name }) => name),
    ["A", "B", "C", "D", "E", "F"],
  );
});

const TEMPLATE_PROBLEMS: readonly (readonly [text: string, at: string, message: string])[] = [
  ["a${", "${", "compose reads ${ as the start of a variable, and no name follows"],
  ["${1a} x", "${1a}", "compose reads ${ as the start of a variable, and no name follows"],
  ["x${A:1}", "${A:1}", "${A:1} has a colon without -, ? or + behind it"],
  ["${A:=b}", "${A:=b}", "${A:=b} sets a variable with :=, which compose does not know; a default is given with :-"],
  ["${A/b}", "${A/b}", "${A/b} goes on behind the name with no operator compose knows"],
  ["${A", "${A", "${A has no closing brace on its line"],
  ["${A:-b\nc}", "${A:-b", "${A:- has no closing brace on its line"],
  ["${A:-${B}", "${B", "${B has no closing brace on its line"],
];

test("templates compose refuses", () => {
  for (const [text, at, message] of TEMPLATE_PROBLEMS) {
    const { problems } = interpolationsIn(text);
    assert.deepEqual(
      problems.map((problem) => [cut(text, problem), problem.message]),
      [[at, message]],
      text,
    );
    assert.ok(hasVariables(text));
  }
});

test("an operator that is wrong can be put right", () => {
  const repaired = ["${A:1}", "x ${A:=1} y", "${A=1}", "${A:}", "${B:-${A:1}}", "${A/b}"].map((text) => {
    const { problems } = interpolationsIn(text);
    return applyEdits(
      text,
      problems.flatMap(({ repair }) => repair ?? []),
    );
  });
  assert.deepEqual(repaired, ["${A:-1}", "x ${A:-1} y", "${A-1}", "${A:-}", "${B:-${A:-1}}", "${A/b}"]);
});

test("defaults, escapes and what is not known", () => {
  assert.equal(withDefaults("a:${TAG:-1}$$"), "a:1$");
  assert.equal(withDefaults("a:${TAG:-${V-2}}"), "a:2");
  assert.equal(withDefaults("a:${TAG}"), undefined);
  assert.equal(withDefaults("a:${TAG:?}"), undefined);
  assert.equal(withDefaults("${X:+y}"), undefined);
  assert.equal(unescaped("$$A$ $$$$"), "$A$ $$");
  assert.deepEqual(["$$A", "5$", "$A", "a"].map(hasVariables), [false, false, true, false]);
  const known = (text: string) => interpolate(text, (name) => (name === "A" ? "av" : undefined), { unset: "unknown" });
  assert.deepEqual(["$A", "${A:-$B}", "${A:+$B}", "${B:-$A}", "$B"].map(known), [
    "av",
    "av",
    undefined,
    "av",
    undefined,
  ]);
  const deep = `${"${A:-".repeat(200)}x${"}".repeat(200)}`;
  assert.equal(withDefaults(deep), undefined);
});

test("entries of a file of variables, with their places and problems", () => {
  const text = "export A=1 # c\nB: 'x y'\r\nC\nD=$OTHER\nE F=1\nG!=2\nH=\"open\nI=3\n=4\nJ";
  const { entries, problems } = parseEnvFile(text);
  assert.deepEqual(
    entries.map((entry) => [
      text.slice(entry.keyStart, entry.keyEnd),
      entry.value,
      entry.valueSpan && cut(text, entry.valueSpan),
      cut(text, entry),
    ]),
    [
      ["A", "1", "1", "export A=1"],
      ["B", "x y", "'x y'", "B: 'x y'"],
      ["C", undefined, undefined, "C"],
      ["D", undefined, "$OTHER", "D=$OTHER"],
      ["I", "3", "3", "I=3"],
      ["", "4", "4", "=4"],
      ["", "J", "J", "J"],
    ],
  );
  assert.deepEqual(
    problems.map(({ message, refused, ...span }) => [cut(text, span), message, refused]),
    [
      ["E F", 'the name of a variable cannot contain a blank, as "E F" does', true],
      ["!", 'the name of a variable cannot contain "!"', true],
      ['"open', "the value of H has no closing quote", true],
      ["=4", "a value without a name before it", false],
      ["J", "J needs a line break behind it: compose takes it for a value without a name", false],
    ],
  );
});

test("a template that is wrong in a file of variables", () => {
  const text = 'A=1\nB=x${\nC="a ${"\n';
  const { problems } = parseEnvFile(text);
  assert.deepEqual(
    problems.map((problem) => cut(text, problem)),
    ["${", '"a ${"'],
  );
});
