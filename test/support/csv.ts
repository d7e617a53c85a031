/** Reads CSV by RFC 4180, strictly. */

/** The rows as records by the titles of the first line. Null is an empty cell; an empty text has quotes. */
export function csvRecords(text: string): Record<string, string | null>[] {
  const [titles = [], ...rows] = csvRows(text);
  return rows.map((row) => {
    if (row.length !== titles.length) throw new Error(`a row has ${row.length} cells, not ${titles.length}`);
    return Object.fromEntries(titles.map((title, index) => [title ?? "", row[index] ?? null]));
  });
}

/** The cells of all lines. */
export function csvRows(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const found = cell.exec(text);
    if (found === null) throw new Error(`no cell at character ${at}: ${text.slice(at, at + 40)}`);
    const [, quoted, plain = "", end] = found;
    row.push(quoted === undefined ? plain || null : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
