/** Text to a stream, no faster than it is taken. */
import type { TextSink } from "../output/form.ts";

/** Thrown when the reader of the output went away (`| head`): nothing is wrong, and nothing more needs to be written. */
export class OutputClosed extends Error {
  constructor() {
    super("the reader of the output closed it");
    this.name = "OutputClosed";
  }
}

/** A sink on `stream`. Each write settles when the stream has room for more. */
export function streamSink(stream: NodeJS.WritableStream): TextSink {
  let failure: Error | null = null;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    failure = error.code === "EPIPE" ? new OutputClosed() : error;
  });
  return {
    write(text: string): Promise<void> {
      return new Promise((resolve, reject) => {
        if (failure !== null) {
          reject(failure);
          return;
        }
        stream.write(text, () => (failure === null ? resolve() : reject(failure)));
      });
    },
  };
}
