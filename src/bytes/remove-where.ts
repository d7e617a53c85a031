/** Takes those entries of a short list out of it that `isWanted` picks. */
export function removeWhere<Entry>(list: Entry[], isWanted: (entry: Entry) => boolean): void {
  for (let at = list.length - 1; at >= 0; at--) {
    const entry = list[at];
    if (entry !== undefined && isWanted(entry)) list.splice(at, 1);
  }
}
