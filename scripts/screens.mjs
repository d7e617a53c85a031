#!/usr/bin/env node
/**
 * Records the README's screens: npm run screens
 *
 * Runs the built command on shipped captures in a real terminal (tmux), sends keys, and writes what is on the terminal as SVG under docs/.
 * Works on the build: npm run build first.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { svgOf } from "./screens/svg.mjs";

const COLUMNS = 110;
const ROWS = 30;
const SETTLED_MS = 1500;
const DOCS = new URL("../docs/", import.meta.url);
const FOLDER = fileURLToPath(new URL("..", import.meta.url));

/** Each file, the capture, and the keys that lead to its screen, as tmux names them. */
const SCREENS = [
  {
    name: "screen-faults",
    capture: "captures/incident-mixed.pcapng",
    keys: [],
    title: "what is broken, without a key pressed",
  },
  {
    name: "screen-flow",
    capture: "captures/tcp-loss.pcap",
    keys: ["2", "Enter", "n"],
    title: "a flow's packets, retransmissions marked",
  },
];

mkdirSync(DOCS, { recursive: true });
for (const { name, capture, keys, title } of SCREENS) {
  const socket = `vipscope-${name}-${process.pid}`;
  const tmux = (...words) => execFileSync("tmux", ["-u", "-L", socket, ...words], { encoding: "utf8", cwd: FOLDER });
  const command = `env -u NO_COLOR TERM=tmux-256color COLORTERM=truecolor LC_ALL=C.UTF-8 ${process.execPath} bin/vipscope.js read ${capture}`;
  tmux("-f", "/dev/null", "new-session", "-d", "-x", String(COLUMNS), "-y", String(ROWS), command);
  try {
    await sleep(SETTLED_MS);
    for (const key of keys) {
      tmux("send-keys", key);
      await sleep(SETTLED_MS);
    }
    const screen = tmux("capture-pane", "-p", "-e");
    writeFileSync(new URL(`${name}.svg`, DOCS), svgOf(screen, { columns: COLUMNS, rows: ROWS, title }));
    console.log(`docs/${name}.svg: ${title}`);
  } finally {
    tmux("kill-server");
  }
}
