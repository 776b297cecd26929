// Takes the place of @vscode/spdlog in the workbench, whose own needs a C++ compiler: log files without rotation, for a workbench
// whose data folder goes away with it.
const { appendFileSync, mkdirSync } = require("node:fs");
const { dirname } = require("node:path");

const NAMES = ["trace", "debug", "info", "warning", "error", "critical"];

class Logger {
  #file;
  #level = 2;
  #bare = false;

  constructor(_type, _name, file) {
    this.#file = file;
  }

  #write(level, message) {
    if (level < this.#level) return;
    const time = new Date().toISOString().replace("T", " ").replace("Z", "");
    try {
      appendFileSync(this.#file, this.#bare ? message : `${time} [${NAMES[level]}] ${message}\n`);
    } catch {
      // The folder is gone: the workbench is being stopped.
    }
  }

  trace = (message) => this.#write(0, message);
  debug = (message) => this.#write(1, message);
  info = (message) => this.#write(2, message);
  warn = (message) => this.#write(3, message);
  error = (message) => this.#write(4, message);
  critical = (message) => this.#write(5, message);
  getLevel = () => this.#level;
  setLevel = (level) => {
    this.#level = level;
  };
  clearFormatters = () => {
    this.#bare = true;
  };
  setPattern() {}
  flush() {}
  drop() {}
}

async function createLogger(name, file) {
  mkdirSync(dirname(file), { recursive: true });
  return new Logger("rotating_async", name, file);
}

module.exports = {
  version: 0,
  Logger,
  setLevel() {},
  setFlushOn() {},
  createRotatingLogger: createLogger,
  createAsyncRotatingLogger: createLogger,
};
