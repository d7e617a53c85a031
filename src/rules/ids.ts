/** Numbers of flows or packets, each once. Nearly always they come ascending: then they are a plain list, a fifth of what a set takes. */

export class Ids {
  #list: number[] = [];
  #last = -1;
  /** Takes the place of the list when a number comes late. */
  #set: Set<number> | null = null;

  get size(): number {
    return this.#set?.size ?? this.#list.length;
  }

  add(id: number): void {
    if (this.#set !== null) this.#set.add(id);
    else if (id > this.#last) {
      this.#list.push(id);
      this.#last = id;
    } else if (id < this.#last) {
      this.#set = new Set(this.#list);
      this.#list = [];
      this.#set.add(id);
    }
  }

  /** All of them, ascending. */
  ascending(): readonly number[] {
    return this.#set === null ? this.#list : [...this.#set].sort((a, b) => a - b);
  }
}

/** All numbers of the lists, ascending and each once. */
export function ascendingOnce(lists: readonly (readonly number[])[]): number[] {
  const all = new Int32Array(lists.reduce((sum, list) => sum + list.length, 0));
  let count = 0;
  for (const list of lists) {
    all.set(list, count);
    count += list.length;
  }
  const once: number[] = [];
  for (const id of all.sort()) if (id !== once.at(-1)) once.push(id);
  return once;
}
