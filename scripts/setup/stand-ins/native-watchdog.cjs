// Takes the place of @vscode/native-watchdog in the workbench, whose own needs a C++ compiler: ends an extension host whose server has
// ended.
const PERIOD_MS = 1_000;

function start(pid) {
  const timer = setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      process.exit(87);
    }
  }, PERIOD_MS);
  timer.unref();
}

module.exports = { start, exit: (code) => process.exit(code ?? 0) };
