/** What a decompressor is to its feed. */

/** Compressed data that is wrong. Thrown within decompression alone: the feed turns it into a problem of the source. */
export class DamagedData extends Error {}

/** Why decoding was ended although the data may be sound. */
export class DecompressionLimit extends Error {}

/** Decodes one piece after the other. Both may throw, after having handed over what came before the fault. */
export interface Decoder {
  write(input: Uint8Array): void | Promise<void>;
  end(): void | Promise<void>;
}
