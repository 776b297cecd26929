/**
 * Builds the Dockerfile of its second argument with the engine of its first and prints what we say about the failure, as JSON. A program
 * of its own, to be started as an account that may not use Docker's socket.
 */
import { failureOf, withEnding } from "../../client/src/build/failure.ts";
import { ENGINES, findEngine } from "../../client/src/engines/find.ts";
import { runProgram, setTrusted } from "../../client/src/process.ts";

const [name, folder = ""] = process.argv.slice(2);
setTrusted(() => true);
const engine = ENGINES.find((each) => each.name === name);
if (!engine) throw new Error(`${name} is no engine`);
const limits = { signal: new AbortController().signal, timeoutMs: 60_000 };
const found = await findEngine(engine.name, {}, (invocation) => runProgram(invocation, limits));
const reader = engine.reader();
const outcome = await runProgram(engine.build({ dockerfile: `${folder}/Dockerfile`, context: folder, tags: ["x:1"] }), {
  ...limits,
  onStdout: (text) => void reader.read("stdout", text),
  onStderr: (text) => void reader.read("stderr", text),
});
reader.end();
const failure = failureOf(withEnding(reader.report(), outcome), undefined);
console.log(JSON.stringify({ code: outcome.code, found: found.engine ? "found" : found.why, failure }));
