/** Text or bytes to a stream, no faster than it is taken. */

/** Thrown when a stream takes no more: its reader went away (`| head`), or it failed, which whoever owns the stream tells. */
export class OutputClosed extends Error {
  constructor() {
    super("the output takes no more");
    this.name = "OutputClosed";
  }
}

/** A sink on `stream`, which takes text, as outputs want it, and bytes. Each write settles when the stream has room for more. */
export function streamSink(stream: NodeJS.WritableStream): { write(data: string | Uint8Array): Promise<void> } {
  let closed = false;
  stream.on("error", () => {
    closed = true;
  });
  return {
    write(data: string | Uint8Array): Promise<void> {
      return new Promise((resolve, reject) => {
        if (closed) {
          reject(new OutputClosed());
          return;
        }
        stream.write(data, (error) => (closed || error != null ? reject(new OutputClosed()) : resolve()));
      });
    },
  };
}
