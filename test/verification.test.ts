/** Comparing two images and their runs: each case is one difference, and what it is taken for. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseDockerfile } from "../server/src/core/model/dockerfile/parse.ts";
import { compare, type Comparison } from "../server/src/core/verify/compare.ts";
import type { Answer, Configuration, Facts, RunFacts } from "../server/src/core/verify/facts.ts";
import { linksIn } from "../server/src/core/verify/links.ts";
import { masked } from "../server/src/core/verify/mask.ts";
import type { Row, Subject, Verdict } from "../server/src/core/verify/rows.ts";
import { tableLines } from "../server/src/core/verify/table.ts";

const CONFIGURATION: Configuration = {
  entrypoint: [],
  command: ["node", "server.js"],
  environment: { PATH: "/usr/bin:/bin", NODE_VERSION: "22.1.0", PORT: "3000" },
  folder: "/app",
  ports: ["3000/tcp"],
  volumes: ["/data"],
  labels: { team: "shop" },
  stopSignal: "SIGTERM",
  user: "root",
  hasHealthcheck: false,
};
const ANSWER: Extract<Answer, { readonly status: number }> = {
  ...{ path: "/", status: 200, type: "text/html", location: undefined, body: "<h1>shop</h1>" },
  ...{ cut: false, steady: true },
};
const RUN: RunFacts = {
  end: "stopped",
  exitCode: 0,
  stdout: ["listening on 3000"],
  lastWords: [],
  tried: [3000],
  port: 3000,
  listening: undefined,
  answers: [ANSWER],
  users: ["0"],
  health: "none",
  stopMs: 100,
};
const ORIGINAL = `FROM node:22
WORKDIR /app
ENV PORT=3000
LABEL team=shop
VOLUME /data
EXPOSE 3000
CMD ["node", "server.js"]
`;

interface Change {
  readonly configuration?: Partial<Configuration>;
  readonly run?: Partial<RunFacts>;
  readonly bytes?: number | undefined;
  readonly layers?: number;
}

const facts = ({ configuration, run, layers = 7, ...rest }: Change): Facts => ({
  image: {
    configuration: { ...CONFIGURATION, ...configuration },
    bytes: "bytes" in rest ? rest.bytes : 1_000_000_000,
    layers,
  },
  run: { ...RUN, ...run },
});

const compared = (
  before: Change,
  after: Change,
  { text = ORIGINAL, declared }: { readonly text?: string; readonly declared?: readonly Subject[] } = {},
): Comparison => compare(parseDockerfile(text), facts(before), facts(after), new Set(declared));

const unlike = ({ rows }: Comparison): readonly Row[] => rows.filter(({ verdict }) => verdict !== "same");

test("what is the same is the same, row by row", () => {
  const result = compared({}, {});
  assert.equal(result.outcome, "same");
  assert.deepEqual(unlike(result), []);
  assert.deepEqual(
    result.rows.map(({ what }) => what),
    [
      ...["command", "environment", "working directory", "exposed ports", "volumes", "labels", "stop signal", "user"],
      ...["HEALTHCHECK", "once started", "output", "GET /", "processes run as", "health", "when stopped", "size"],
      "layers",
    ],
  );
});

interface Case {
  readonly before?: Change;
  readonly after: Change;
  /** The original; `ORIGINAL` by default. */
  readonly text?: string;
  /** The one row that is not the same: its subject, its verdict and what its reason says. */
  readonly row: readonly [Subject, Verdict, RegExp?];
}

const answers = (change: Partial<typeof ANSWER>): Change => ({ run: { answers: [{ ...ANSWER, ...change }] } });

const CASES: Readonly<Record<string, Case>> = {
  "another command": { after: { configuration: { command: ["node", "other.js"] } }, row: ["command", "different"] },
  "the command without its shell": {
    before: { configuration: { command: ["/bin/sh", "-c", "node server.js"] } },
    after: {},
    row: ["command", "expected", /without a shell/],
  },
  "the command with exec in its shell": {
    before: { configuration: { command: ["/bin/sh", "-c", "node $MAIN"] } },
    after: { configuration: { command: ["/bin/sh", "-c", "exec node $MAIN"] } },
    row: ["command", "expected", /without a shell/],
  },
  "without the entrypoint of the base": {
    before: { configuration: { entrypoint: ["docker-entrypoint.sh"] } },
    after: {},
    row: ["command", "expected", /docker-entrypoint\.sh came with the base/],
  },
  "without an entrypoint of its own": {
    text: `${ORIGINAL}ENTRYPOINT ["./start.sh"]\n`,
    before: { configuration: { entrypoint: ["./start.sh"] } },
    after: {},
    row: ["command", "different"],
  },
  "the same words, otherwise shared out": {
    after: { configuration: { entrypoint: ["node"], command: ["server.js"] } },
    row: ["command", "different", /arguments given at run time/],
  },
  "a variable of its own is lost": {
    after: { configuration: { environment: { PATH: "/usr/bin:/bin", NODE_VERSION: "22.1.0" } } },
    row: ["environment", "different"],
  },
  "a variable of its own has another value": {
    after: { configuration: { environment: { ...CONFIGURATION.environment, PORT: "80" } } },
    row: ["environment", "different"],
  },
  "variables of the base are gone": {
    after: { configuration: { environment: { PATH: "/bin", PORT: "3000" } } },
    row: ["environment", "expected", /base image/],
  },
  "its own folder of PATH is gone": {
    text: `${ORIGINAL}ENV PATH=/opt/venv/bin:$PATH\n`,
    before: { configuration: { environment: { PATH: "/opt/venv/bin:/usr/bin" } } },
    after: { configuration: { environment: { PATH: "/usr/bin" } } },
    row: ["environment", "different"],
  },
  "another working directory": { after: { configuration: { folder: "/" } }, row: ["folder", "different"] },
  "a port is not exposed any more": { after: { configuration: { ports: [] } }, row: ["ports", "different", /3000/] },
  "one more port": {
    after: { configuration: { ports: ["3000/tcp", "9090/tcp"] } },
    row: ["ports", "expected", /more/],
  },
  "a volume of the base is gone": {
    before: { configuration: { volumes: ["/cache", "/data"] } },
    after: {},
    row: ["volumes", "expected", /base image/],
  },
  "a volume of its own is gone": { after: { configuration: { volumes: [] } }, row: ["volumes", "different"] },
  "a label is gone": { after: { configuration: { labels: {} } }, row: ["labels", "different"] },
  "another stop signal, from the base": {
    after: { configuration: { stopSignal: "SIGQUIT" } },
    row: ["stop-signal", "expected"],
  },
  "not root any more": {
    after: { configuration: { user: "10001:10001" } },
    row: ["user", "expected", /not run as root/],
  },
  "root now": {
    before: { configuration: { user: "node" } },
    after: { configuration: { user: "0" } },
    row: ["user", "different", /as root now/],
  },
  "a HEALTHCHECK less": {
    before: { configuration: { hasHealthcheck: true } },
    after: {},
    row: ["healthcheck", "different"],
  },
  "another status": { after: answers({ status: 500 }), row: ["answer", "different", /status/] },
  "another body": { after: answers({ body: "<h1>shop!</h1>" }), row: ["answer", "different", /body/] },
  "another content type": { after: answers({ type: "text/plain" }), row: ["answer", "different", /content type/] },
  "it leads elsewhere": {
    before: answers({ status: 302, location: "/login" }),
    after: answers({ status: 302, location: "/" }),
    row: ["answer", "different", /elsewhere/],
  },
  "no answer to one path": {
    after: { run: { answers: [{ path: "/", failure: "ECONNRESET" }] } },
    row: ["answer", "different", /ECONNRESET/],
  },
  "a server's log": {
    after: { run: { stdout: ["ready on 3000"] } },
    row: ["output", "not compared", /answers are compared/],
  },
  "healthy, which nobody checked before": { after: { run: { health: "healthy" } }, row: ["health", "expected"] },
  "the new check fails": { after: { run: { health: "unhealthy" } }, row: ["health", "different", /fails/] },
  "no check has ended": { after: { run: { health: "starting" } }, row: ["health", "not compared"] },
  "processes of root now": {
    before: { run: { users: ["1000"] } },
    after: {},
    row: ["running-user", "different", /root/],
  },
  "processes of another user than root": {
    before: { run: { users: ["root"] } },
    after: { run: { users: ["nobody"] } },
    row: ["running-user", "expected"],
  },
  "the engine does not say whose processes": { after: { run: { users: [] } }, row: ["running-user", "not compared"] },
  "killed now": { after: { run: { exitCode: 137, stopMs: 10_100 } }, row: ["stop", "different", /killed/] },
  "not killed any more": {
    before: { run: { exitCode: 137, stopMs: 10_100 } },
    after: {},
    row: ["stop", "expected", /reaches it/],
  },
  "slower to stop": { after: { run: { stopMs: 5_000 } }, row: ["stop", "different", /longer/] },
  smaller: { after: { bytes: 280_000_000 }, row: ["size", "expected", /72 % smaller/] },
  larger: { after: { bytes: 1_500_000_000 }, row: ["size", "expected", /50 % larger/] },
  "fewer layers": { after: { layers: 3 }, row: ["layers", "expected"] },
};

describe("one difference", () => {
  for (const [name, { before = {}, after, text, row: expected }] of Object.entries(CASES))
    test(name, () => {
      const result = compared(before, after, text === undefined ? {} : { text });
      const [row, ...more] = unlike(result);
      assert.deepEqual(more, []);
      const [subject, verdict, why = /^/] = expected;
      assert.deepEqual([row?.subject, row?.verdict], [subject, verdict]);
      assert.match(row?.why ?? "", why);
      assert.equal(result.outcome, verdict === "different" ? "differs" : "same");
    });
});

describe("no difference", () => {
  const same: Readonly<Record<string, readonly [Change, Change]>> = {
    "times and ids in a body": [
      answers({ body: "at 2026-11-21T10:00:00Z by 0123456789ab" }),
      answers({ body: "at 2026-11-21T10:00:07Z by ba9876543210" }),
    ],
    "another name of one content type": [
      answers({ type: "text/javascript" }),
      answers({ type: "application/javascript" }),
    ],
    "a body that is another at each request": [
      answers({ body: "visitor one", steady: false }),
      answers({ body: "visitor two", steady: false }),
    ],
    "a log with other times": [
      { run: { stdout: ["2026/11/21 10:00:00 started in 12ms, pid 17"] } },
      { run: { stdout: ["2026/11/21 10:03:00 started in 9ms, pid 1"] } },
    ],
    "an engine that does not know every layer's size": [{ bytes: undefined }, { bytes: 5 }],
  };
  for (const [name, [before, after]] of Object.entries(same))
    test(name, () => assert.deepEqual(unlike(compared(before, after)), []));

  test("PATH of another base with its own folder first", () => {
    const text = `${ORIGINAL}ENV PATH=/opt/venv/bin:$PATH\n`;
    const path = (value: string): Change => ({ configuration: { environment: { PATH: value } } });
    assert.deepEqual(unlike(compared(path("/opt/venv/bin:/go/bin:/bin"), path("/opt/venv/bin:/bin"), { text })), []);
  });
});

test("the values of secrets stay out of the table", () => {
  const environment = { ...CONFIGURATION.environment, DB_PASSWORD: "hunter22" };
  const text = `${ORIGINAL}ENV DB_PASSWORD=hunter22\n`;
  const result = compared({ configuration: { environment } }, {}, { text });
  assert.equal(result.outcome, "differs");
  assert.ok(!JSON.stringify(result).includes("hunter22"));
});

test("what was declared is expected, and only that", () => {
  const after: Change = { configuration: { command: ["node"], labels: {} } };
  const result = compared({}, after, { declared: ["command"] });
  assert.deepEqual(
    unlike(result).map(({ subject, verdict }) => [subject, verdict]),
    [
      ["command", "expected"],
      ["labels", "different"],
    ],
  );
  assert.equal(compared({}, after, { declared: ["command", "labels"] }).outcome, "same");
});

describe("nothing can be said", () => {
  const silent: Partial<RunFacts> = { port: undefined, answers: [] };
  const cases: Readonly<Record<string, readonly [Partial<RunFacts>, RegExp]>> = {
    "it does not answer": [silent, /^the original does not answer on port 3000$/],
    "it ends first": [
      { ...silent, end: "exited", exitCode: 1, stopMs: undefined, lastWords: ["DATABASE_URL is not set"] },
      /^the original ends with exit code 1 before it answers: DATABASE_URL is not set$/,
    ],
    "its program is not there": [
      { ...silent, tried: [], end: "exited", exitCode: 127, stopMs: undefined, stdout: [] },
      /^the original cannot be started$/,
    ],
    "it fails and says nothing": [
      { ...silent, tried: [], end: "exited", exitCode: 1, stopMs: undefined, stdout: [] },
      /^the original ends with exit code 1$/,
    ],
  };
  for (const [name, [run, why]] of Object.entries(cases))
    test(name, () => {
      const result = compared({ run }, { run });
      assert.equal(result.outcome, "unverifiable");
      assert.match(result.why ?? "", why);
    });

  test("but what differs is said all the same", () => {
    assert.equal(compared({ run: silent }, { run: silent, configuration: { labels: {} } }).outcome, "differs");
  });
});

describe("what exposes nothing", () => {
  const job: Partial<RunFacts> = {
    ...{ tried: [], port: undefined, answers: [], users: [], end: "exited", exitCode: 0, stopMs: undefined },
    stdout: ["sum 42", "done"],
  };
  const outcome = (before: Partial<RunFacts>, after: Partial<RunFacts>): string =>
    compared({ run: before }, { run: after }).outcome;

  test("a job that ends the same", () => assert.equal(outcome(job, job), "same"));
  test("another exit code", () => assert.equal(outcome(job, { ...job, exitCode: 3 }), "differs"));
  test("another line", () => assert.equal(outcome(job, { ...job, stdout: ["sum 41", "done"] }), "differs"));
  test("a line less", () => assert.equal(outcome(job, { ...job, stdout: ["sum 42"] }), "differs"));
  test("a failure that is the same and says why", () =>
    assert.equal(outcome({ ...job, exitCode: 2 }, { ...job, exitCode: 2 }), "same"));
  test("its program is not found any more", () => {
    const result = compared(
      { run: job },
      { run: { ...job, exitCode: 127, stdout: [], lastWords: ['exec: "sum": executable file not found in $PATH'] } },
    );
    assert.deepEqual(
      unlike(result).map(({ subject }) => subject),
      ["exit-code", "output"],
    );
  });

  const worker: Partial<RunFacts> = {
    ...{ ...job, end: "stopped", exitCode: 0, stopMs: 50, users: ["0"] },
    listening: [],
  };
  test("a worker that had come less far", () =>
    assert.equal(outcome(worker, { ...worker, stdout: ["sum 42"] }), "same"));
  test("a worker that does something else", () =>
    assert.equal(outcome(worker, { ...worker, stdout: ["idle"] }), "differs"));
  test("a worker that ends", () => assert.equal(outcome(worker, job), "differs"));
  test("a worker of which nobody can say whether it listens", () => {
    const unknown: Partial<RunFacts> = { ...worker, listening: undefined };
    const result = compared({ run: unknown }, { run: unknown });
    assert.equal(result.outcome, "same");
    assert.deepEqual(
      unlike(result).map(({ what, verdict }) => [what, verdict]),
      [["answers", "not compared"]],
    );
    const silent: Partial<RunFacts> = { ...unknown, stdout: [] };
    const nothing = compared({ run: silent }, { run: silent });
    assert.equal(nothing.outcome, "unverifiable");
    assert.match(nothing.why ?? "", /exposes no port; name the port/);
    assert.equal(outcome({ ...worker, stdout: [] }, { ...worker, stdout: [] }), "same");
    const unasked = compared({ run: { ...silent, listening: [80] } }, { run: silent });
    assert.equal(unasked.why, "the original listens on port 80, which nobody can ask in this network");
  });
  test("what prints without end", () => {
    const endless: Partial<RunFacts> = { ...job, end: "cut off", exitCode: undefined, stdout: ["y", "y"] };
    assert.equal(outcome(endless, endless), "same");
    assert.equal(outcome(job, endless), "differs");
  });
});

test("a server that answers on another port", () => {
  const result = compared({}, { run: { port: 8080, tried: [3000, 8080] } });
  assert.equal(result.outcome, "differs");
  assert.equal(compared({}, { run: { port: 8080, tried: [3000, 8080] } }, { declared: ["ports"] }).outcome, "same");
});

test("the last words of what ends instead of answering", () => {
  const run: Partial<RunFacts> = {
    ...{ end: "exited", exitCode: 1, port: undefined, answers: [], stopMs: undefined, users: [] },
    lastWords: ["Error: Cannot find module 'express'"],
  };
  const start = compared({}, { run }).rows.find(({ subject }) => subject === "start");
  assert.equal(start?.why, "its last words: Error: Cannot find module 'express'");
});

describe("masks", () => {
  const pairs: readonly (readonly [string, string])[] = [
    ["2026-11-21T23:22:00.123Z up", "2026-11-22T01:02:03Z up"],
    ["21/Nov/2026:23:22:00 +0000 GET /", "22/Nov/2026:00:00:01 +0000 GET /"],
    ["Sat, 21 Nov 2026 23:22:00 GMT", "Sun, 22 Nov 2026 01:22:00 GMT"],
    ["[17] [INFO] Booting worker with pid: 17", "[8] [INFO] Booting worker with pid: 8"],
    ["request 5f0c2f0e-0f4e-4c7e-9d25-2d9d6f6f3b1a", "request 0c2f0e5f-4e0f-7e4c-259d-6f6f3b1a2d9d"],
    ["host 172.17.0.2:41234", "host 10.88.0.3:5123"],
    ["ready in 812 ms", "ready in 1.2 s"],
    ["at 1795000000123", "at 1795000123456"],
    ["goroutine at 0xc000012345", "goroutine at 0xc0000abcde"],
  ];
  for (const [a, b] of pairs) test(a, () => assert.equal(masked(a), masked(b)));

  for (const [a, b] of [
    ["exit code 1", "exit code 2"],
    ["port 3000", "port 8080"],
    ["version 1.2.3", "version 1.2.4"],
    ["user 1000", "user 0"],
    ["total 42 items", "total 41 items"],
  ] as const)
    test(`${a} is not ${b}`, () => assert.notEqual(masked(a), masked(b)));
});

test("links of a page that lead to the same server", () => {
  const page = `<a href="/a">x</a><A HREF='b?x=1&amp;y=2'>x</A><script src=/c.js></script><img alt="" src="../d.png">
<a href="https://elsewhere.test/e">x</a><a href="//elsewhere.test/f">x</a><a href="#g">x</a><a href="mailto:h@i.test">x</a>
<a href="/a">again</a><a name="k">x</a><a href="javascript:alert(1)">x</a>`;
  assert.deepEqual(linksIn(page, "/docs/index.html"), ["/a", "/docs/b?x=1&y=2", "/c.js", "/d.png"]);
  const hostile = "<a ".repeat(50_000);
  const began = performance.now();
  assert.deepEqual(linksIn(hostile, "/"), []);
  assert.ok(performance.now() - began < 2_000);
});

test("the table has one line for each row, in columns", () => {
  const lines = tableLines(compared({}, { configuration: { labels: {}, user: "node" } }).rows).map(({ text }) => text);
  assert.match(lines[0] ?? "", /^\s+original\s+result$/);
  assert.ok(
    lines.some((line) => /^DIFFERENT +labels +team=shop +team not set$/.test(line)),
    lines.join("\n"),
  );
  assert.ok(lines.some((line) => /^expected +user +root +node +it does not run as root any more$/.test(line)));
  const column = lines.map((line) => line.indexOf("result"))[0] ?? 0;
  for (const line of lines.slice(1)) assert.match(line.slice(column - 1, column + 1), /^ \S/, line);
});
