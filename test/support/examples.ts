import { readFileSync } from "node:fs";

/** One example of a document: why it is there, the bytes, and what a decoder must say of them. */
export interface Example {
  title: string;
  bytes: Uint8Array;
  expected: unknown;
}

/**
 * The examples of a Markdown document. Each is a heading of level two, prose, a block of bytes and a block marked json. Bytes are
 * written in a block marked hex (see `hexBytes`) or in one marked text (lines as
 * sent, with \r\n and the like written out; the ends of the block's own lines are not sent).
 */
export function readExamples(url: URL): Example[] {
  const sections = readFileSync(url, "utf8").split(/^## /m).slice(1);
  return sections.map((section) => {
    const title = section.slice(0, section.indexOf("\n")).trim();
    const block = (language: string) => section.match(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, "m"))?.[1];
    const hex = block("hex");
    const json = block("json");
    if (json === undefined) throw new Error(`${title}: no json block`);
    const bytes = hex === undefined ? textBytes(block("text") ?? "") : hexBytes(hex);
    return { title, bytes, expected: JSON.parse(json) };
  });
}

/** Bytes of pairs of hexadecimal digits, "text" and "zeros N", with ";" before a comment. */
export function hexBytes(source: string): Uint8Array {
  const bytes: number[] = [];
  for (const line of source.split("\n")) {
    for (const token of line.match(/"[^"]*"|;.*|zeros \d+|\S+/g) ?? []) {
      if (token.startsWith(";")) break;
      if (token.startsWith('"')) bytes.push(...Buffer.from(token.slice(1, -1), "utf8"));
      else if (token.startsWith("zeros ")) bytes.push(...new Array<number>(Number(token.slice(6))).fill(0));
      else if (/^([0-9a-f]{2})+$/i.test(token)) bytes.push(...Buffer.from(token, "hex"));
      else throw new Error(`not hexadecimal: ${token}`);
    }
  }
  return Uint8Array.from(bytes);
}

function textBytes(source: string): Uint8Array {
  const text = source.replaceAll("\n", "").replaceAll(/\\(x[0-9a-f]{2}|.)/g, (_, code: string) => {
    if (code.startsWith("x")) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return { r: "\r", n: "\n", t: "\t", "0": "\0" }[code] ?? code;
  });
  return Uint8Array.from(Buffer.from(text, "latin1"));
}

/** A view over a block filled with `filler` that holds `packet` at `start`, as a capture block holds it among others. */
export function placed(packet: Uint8Array, filler: number, start = 37): { view: DataView; start: number; end: number } {
  const block = new Uint8Array(start + packet.length + 300).fill(filler);
  block.set(packet, start);
  return { view: new DataView(block.buffer), start, end: start + packet.length };
}
