/** Gathers small texts into pieces worth handing on, so that an output of any size is written in pieces of bounded size. */
import type { TextSink } from "./form.ts";

/** Characters that are gathered before they are handed on. */
const CHUNK_CHARACTERS = 1 << 16;

export class ChunkWriter {
  private readonly sink: TextSink;
  private gathered = "";

  constructor(sink: TextSink) {
    this.sink = sink;
  }

  /** Flush before more is added. */
  get full(): boolean {
    return this.gathered.length >= CHUNK_CHARACTERS;
  }

  text(text: string): void {
    this.gathered += text;
  }

  async flush(): Promise<void> {
    const text = this.gathered;
    this.gathered = "";
    if (text !== "") await this.sink.write(text);
  }
}
