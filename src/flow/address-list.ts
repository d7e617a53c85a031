/** Different IP addresses in order of appearance. */
import { ipv4Text, ipv6Text } from "../bytes/address.ts";
import type { IpAddress } from "../decode/packet.ts";

const WORDS = 5;

/** A bounded list. Asking for the address that was asked for last costs five comparisons. */
export class AddressList {
  private readonly maxAddresses: number;
  /** Five numbers for each: IP version, four words. */
  private readonly words: number[] = [];
  /** Where the last address that was found stands. */
  private last = 0;

  constructor(maxAddresses: number) {
    this.maxAddresses = maxAddresses;
  }

  get length(): number {
    return this.words.length / WORDS;
  }

  /** Adds an address that is not there yet. False when it was, or when the list is full. */
  add(version: number, address: IpAddress): boolean {
    if (this.has(version, address) || this.length >= this.maxAddresses) return false;
    this.words.push(version, address.word0, address.word1, address.word2, address.word3);
    return true;
  }

  has(version: number, address: IpAddress): boolean {
    if (this.isAt(this.last, version, address)) return true;
    for (let at = 0; at < this.words.length; at += WORDS) {
      if (this.isAt(at, version, address)) {
        this.last = at;
        return true;
      }
    }
    return false;
  }

  /** Adds those of another list. */
  addAll(other: AddressList): void {
    const { words } = other;
    for (let at = 0; at < words.length; at += WORDS) {
      const address = {
        word0: words[at + 1] ?? 0,
        word1: words[at + 2] ?? 0,
        word2: words[at + 3] ?? 0,
        word3: words[at + 4] ?? 0,
      };
      this.add(words[at] ?? 0, address);
    }
  }

  texts(): string[] {
    const texts: string[] = [];
    const { words } = this;
    for (let at = 0; at < words.length; at += WORDS) {
      const [word0, word1, word2, word3] = [words[at + 1], words[at + 2], words[at + 3], words[at + 4]].map(unsigned);
      if (words[at] === 6) texts.push(ipv6Text(word0 ?? 0, word1 ?? 0, word2 ?? 0, word3 ?? 0));
      else texts.push(ipv4Text(word3 ?? 0));
    }
    return texts;
  }

  private isAt(at: number, version: number, address: IpAddress): boolean {
    const { words } = this;
    return (
      words[at] === version &&
      words[at + 4] === address.word3 &&
      words[at + 3] === address.word2 &&
      words[at + 2] === address.word1 &&
      words[at + 1] === address.word0
    );
  }
}

function unsigned(word: number | undefined): number {
  return (word ?? 0) >>> 0;
}
