/** What tests use of the lab. */
import type { ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";

/** A namespace of the lab. */
export type Where = "vm" | "platform" | "container" | "wire" | "foreign";

/** How a program ended, and all that it said. */
export interface Ended {
  status: number | null;
  output: string;
  errors: string;
}

/** A program that runs beside the scenario. */
export interface Started {
  child: ChildProcessByStdio<null, Readable, Readable>;
  ended: Promise<Ended>;
  said(text: string): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

/** One of the lab's own programs, which takes messages. */
export interface Node extends Started {
  ask(message: object): Promise<unknown>;
}

export interface LabOptions {
  nics?: 1 | 2;
  relay?: boolean;
  platformAddress?: string;
  ipv6?: boolean;
  configure?: boolean;
}

export class Lab {
  readonly platformAddress: string;
  readonly directory: string;
  constructor(index: number, options: LabOptions);
  open(): void;
  close(): void;
  joinAgain(): void;
  sleep(seconds: number): Promise<void>;
  run(where: Where, ...command: string[]): Promise<Ended>;
  start(where: Where, ...command: string[]): Started;
  file(name: string, text: string): string;
  shell(line: string): Promise<Ended>;
  wireServer(options?: { ports?: number[] }): Promise<Node>;
  dnsmasq(options?: { dhcp?: boolean; extra?: string[]; wireServer?: string }): Promise<Started>;
  resolver(): Promise<Node>;
  agent(settings?: object): Promise<Node>;
  apps(where?: Where): Promise<Node>;
  probes(): Promise<Node & { probe(series: object): Promise<unknown> }>;
  dhclient(nic?: string): Promise<Ended>;
  dig(...lookups: string[]): Promise<void>;
}
