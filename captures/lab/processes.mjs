/** Programs that the lab runs: to their end, or beside the scenario until it is over. */
import { spawn, spawnSync } from "node:child_process";

/** Runs a program to its end and gives its output; throws when it fails. */
export function run(...command) {
  const [program, ...args] = command;
  const result = spawnSync(program, args, { encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${command.join(" ")}: ${result.stderr || result.error?.message}`);
  return result.stdout;
}

/** The programs of one scenario. Whatever still runs at its end is stopped there. */
export class Processes {
  #children = new Set();

  /** Starts a program; the promise of `ended` holds its exit status and output. */
  start(command, options = {}) {
    const [program, ...args] = command;
    const child = spawn(program, args, {
      stdio: [options.input ? "pipe" : "ignore", "pipe", "pipe", ...(options.ipc ? ["ipc"] : [])],
      ...options.spawn,
    });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      errors += text;
      if (process.env["LAB_VERBOSE"]) process.stderr.write(text);
    });
    const ended = new Promise((resolve) => {
      child.on("error", (error) => resolve({ status: 127, output, errors: error.message }));
      child.on("close", (status) => resolve({ status, output, errors }));
    });
    this.#children.add(child);
    ended.then(() => this.#children.delete(child));
    const said = (text) => waitUntil(() => errors.includes(text) || output.includes(text), ended);
    return { child, ended, said, stop: (signal = "SIGTERM") => stop(child, ended, signal) };
  }

  /** Starts one of the lab's own node programs and speaks with it: `ask` sends a message and waits for its answer. */
  async startNode(prefix, script, firstMessage) {
    const started = this.start([...prefix, process.execPath, script], { ipc: true });
    const { child } = started;
    const waiting = new Map();
    let lastId = 0;
    child.on("message", ({ id, answer }) => {
      waiting.get(id)?.(answer);
      waiting.delete(id);
    });
    started.ended.then(({ errors }) => {
      for (const resolve of waiting.values()) resolve({ error: errors });
    });
    const ask = (message) =>
      new Promise((resolve) => {
        lastId++;
        waiting.set(lastId, resolve);
        child.send({ id: lastId, message }, () => {});
      });
    const answer = await ask(firstMessage);
    if (answer?.error) throw new Error(`${script}: ${answer.error}`);
    return { ...started, ask };
  }

  /** Stops all that still runs, at once. */
  killAll() {
    for (const child of this.#children) child.kill("SIGKILL");
  }
}

function stop(child, ended, signal) {
  child.kill(signal);
  return ended;
}

async function waitUntil(condition, ended) {
  let over = false;
  ended.then(() => {
    over = true;
  });
  while (!condition()) {
    if (over) throw new Error(`a program ended early: ${(await ended).errors}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
