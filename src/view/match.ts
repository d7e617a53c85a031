/** Which rows a term of a filter finds, as a byte for each row. */
import { type Column, NumberColumn, TextColumn } from "./column.ts";
import type { NumberRange } from "./filter.ts";
import type { TableColumns } from "./table-columns.ts";
import type { FieldMatch, TableDefinition } from "./tables.ts";

/** One byte a row: 1 when it was found. */
export type Found = Uint8Array;

/** What a table's terms need to know of its definition. */
type Definition = Pick<TableDefinition<never>, "words" | "numbers" | "endpoints">;

/** Adds the rows in which one of the columns holds a number of one of the ranges. */
export function findNumbers(columns: readonly Column[], ranges: readonly NumberRange[], found: Found): void {
  for (const column of columns) {
    if (!(column instanceof NumberColumn)) continue;
    for (const { from, to } of ranges) {
      for (let row = 0; row < found.length; row++) {
        const value = column.values[row] ?? Number.NaN;
        if (value >= from && value <= to) found[row] = 1;
      }
    }
  }
}

/** Adds the rows that a field finds with one of its values, all in lower case. */
export function findValues(
  match: FieldMatch,
  columns: readonly Column[],
  values: readonly string[],
  found: Found,
): void {
  for (const value of values) {
    if (match === "endpoint") findEndpoint(columns[0], columns[1], value, found);
    else for (const column of columns) findText(column, match === "part" ? "part" : "word", value, found);
  }
}

/** Adds the rows that have the word anywhere. */
export function findWord(table: TableColumns, definition: Definition, word: string, found: Found): void {
  for (const id of definition.words) findText(table.columns.get(id), "part", word, found);
  const number = wholeNumber(word);
  if (number !== null) {
    const columns = definition.numbers.flatMap((id) => table.columns.get(id) ?? []);
    findNumbers(columns, [{ from: number, to: number }], found);
  }
  if (!word.includes(":")) return;
  for (const [address, port] of definition.endpoints)
    findEndpoint(table.columns.get(address), table.columns.get(port), word, found);
}

/** "10.0.0.4", "10.0.0.4:50312", "[fe80::1]:80". */
function findEndpoint(addresses: Column | undefined, ports: Column | undefined, text: string, found: Found): void {
  const bracket = text.startsWith("[") ? text.indexOf("]") : -1;
  const colon = bracket > 0 ? bracket + 1 : text.indexOf(":");
  const hasPort = bracket > 0 ? text[colon] === ":" : colon >= 0 && colon === text.lastIndexOf(":");
  const address = bracket > 0 ? text.slice(1, bracket) : hasPort ? text.slice(0, colon) : text;
  const portText = hasPort ? text.slice(colon + 1) : "";
  if (portText === "") {
    findText(addresses, "word", address, found);
    return;
  }
  const port = wholeNumber(portText);
  if (port === null || !(ports instanceof NumberColumn)) return;
  const ofAddress = new Uint8Array(found.length);
  if (address === "") ofAddress.fill(1);
  else findText(addresses, "word", address, ofAddress);
  for (let row = 0; row < found.length; row++) if (ofAddress[row] === 1 && ports.values[row] === port) found[row] = 1;
}

/**
 * Compares with each different text once. A word finds the texts that have it among their words, and when none has, those with a word that
 * begins so: "eth1" finds not "eth10" where there is an eth1, and "eth" finds both.
 */
function findText(column: Column | undefined, match: "part" | "word", value: string, found: Found): void {
  if (!(column instanceof TextColumn)) return;
  const { lowered, codes } = column;
  let matches = lowered.map((text) => (match === "part" ? text.includes(value) : hasWord(text, value)));
  if (match === "word" && !matches.includes(true)) matches = lowered.map((text) => hasWordBeginning(text, value));
  if (!matches.includes(true)) return;
  const byCode = Uint8Array.from(matches, Number);
  for (let row = 0; row < found.length; row++) {
    const code = codes[row] ?? -1;
    if (code >= 0 && byCode[code] === 1) found[row] = 1;
  }
}

function hasWord(text: string, value: string): boolean {
  return text === value || text.split(" ").includes(value);
}

function hasWordBeginning(text: string, value: string): boolean {
  return text.split(" ").some((word) => word.startsWith(value));
}

/** Null for all but decimal digits. */
function wholeNumber(text: string): number | null {
  for (const character of text) if (character < "0" || character > "9") return null;
  return text === "" || text.length > 9 ? null : Number(text);
}
