/** Starts capture children through the keeper, so that this process can be busy and can give up its privileges. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Backend } from "./backends.ts";
import { type CaptureChild, type CaptureRequest, type ChildEnd, type ChildStarter, noteLine } from "./child.ts";
import type { KeeperSetup } from "./keeper.ts";

const KEEPER: string = fileURLToPath(new URL("./keeper.js", import.meta.url));
/** Bytes of the number that a child's stream begins with. */
const MAX_NUMBER_BYTES = 16;
/** A child whose stream does not come within this time could not be started, in milliseconds. */
const CONNECT_MS = 3000;

export class KeeperStarter implements ChildStarter {
  readonly #keeper: ChildProcess;
  readonly #server: Server;
  readonly #children = new Map<number, ChildNews>();
  readonly #arrivals = new Map<number, (socket: Socket) => void>();
  #nextId = 1;

  private constructor(keeper: ChildProcess, server: Server) {
    this.#keeper = keeper;
    this.#server = server;
    server.on("connection", (socket) => this.#arrived(socket));
    keeper.on("message", (message) => this.#heard(message));
    keeper.on("exit", () => this.#lostKeeper());
  }

  /** Starts the keeper with this process' privileges. Settles when it can be asked. */
  static async open(backends: readonly Backend[]): Promise<KeeperStarter> {
    const folder = mkdtempSync(join(tmpdir(), "vipscope-"));
    chmodSync(folder, 0o700);
    const socketPath = join(folder, "captures");
    const server = createServer({ pauseOnConnect: true });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(socketPath, resolve);
    });
    server.unref();
    const setup: KeeperSetup = { socketPath, backends };
    const keeper = spawn(process.execPath, [KEEPER, JSON.stringify(setup)], {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      detached: true,
    });
    return new KeeperStarter(keeper, server);
  }

  async start(request: CaptureRequest): Promise<CaptureChild> {
    const id = this.#nextId++;
    const arrival = new Promise<Socket>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("the capture did not begin")), CONNECT_MS);
      this.#arrivals.set(id, (socket) => {
        clearTimeout(timer);
        resolve(socket);
      });
    });
    const { backend, interface: name, filter } = request;
    const news = new ChildNews();
    this.#children.set(id, news);
    this.#ask({ id, backend: backend.name, interface: name, filter });
    const stream = await arrival.finally(() => this.#arrivals.delete(id));
    return new KeptChild(stream, news, (message) => this.#ask({ id, ...message }));
  }

  close(): void {
    this.#server.close();
    if (this.#keeper.connected) this.#keeper.disconnect();
    this.#keeper.unref();
  }

  #ask(message: object): void {
    if (this.#keeper.connected) this.#keeper.send(message, () => {});
  }

  #arrived(socket: Socket): void {
    socket.on("error", () => {});
    let head = Buffer.alloc(0);
    const look = (): void => {
      for (;;) {
        const chunk: Buffer | null = socket.read();
        if (chunk === null) return;
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf(0x0a);
        if (end < 0 && head.length <= MAX_NUMBER_BYTES) continue;
        socket.off("readable", look);
        if (end + 1 < head.length) socket.unshift(head.subarray(end + 1));
        const taker = end < 0 ? undefined : this.#arrivals.get(Number(head.toString("latin1", 0, end)));
        if (taker === undefined) socket.destroy();
        else taker(socket);
        return;
      }
    };
    socket.on("readable", look);
  }

  #heard(message: unknown): void {
    if (typeof message !== "object" || message === null) return;
    const fields = new Map<string, unknown>(Object.entries(message));
    const id = fields.get("id");
    const child = typeof id === "number" ? this.#children.get(id) : undefined;
    const pid = fields.get("pid");
    const line = fields.get("line");
    if (child === undefined || typeof id !== "number") return;
    if (typeof pid === "number") child.pid = pid;
    if (typeof line === "string") child.said(line);
    const full = fields.get("full");
    const atMs = fields.get("atMs");
    if (typeof full === "boolean" && typeof atMs === "number") child.onHeld(full, atMs);
    if (fields.get("ended") !== true) return;
    const code = fields.get("code");
    const signal = fields.get("signal");
    this.#children.delete(id);
    child.end({ code: typeof code === "number" ? code : null, signal: typeof signal === "string" ? signal : null });
  }

  #lostKeeper(): void {
    for (const child of this.#children.values()) child.end({ code: null, signal: null });
    this.#children.clear();
  }
}

/** What the keeper has told of one child. */
class ChildNews {
  pid: number | null = null;
  readonly messages: string[] = [];
  onMessage: (line: string) => void = () => {};
  onHeld: (isFull: boolean, atMs: number) => void = () => {};
  readonly ended: Promise<ChildEnd>;
  end: (end: ChildEnd) => void = () => {};

  constructor() {
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  said(line: string): void {
    noteLine(this.messages, line);
    this.onMessage(line);
  }
}

/** A child of the keeper. */
class KeptChild implements CaptureChild {
  readonly stream: Socket;
  readonly #news: ChildNews;
  readonly #ask: (message: object) => void;

  constructor(stream: Socket, news: ChildNews, ask: (message: object) => void) {
    this.stream = stream;
    this.#news = news;
    this.#ask = ask;
  }

  get pid(): number | null {
    return this.#news.pid;
  }

  get ended(): Promise<ChildEnd> {
    return this.#news.ended;
  }

  get messages(): readonly string[] {
    return this.#news.messages;
  }

  set onMessage(use: (line: string) => void) {
    this.#news.onMessage = use;
  }

  set onHeld(use: (isFull: boolean, atMs: number) => void) {
    this.#news.onHeld = use;
  }

  signal(name: NodeJS.Signals): void {
    this.#ask({ signal: name });
  }

  stop(): void {
    this.#ask({ stop: true });
  }
}
