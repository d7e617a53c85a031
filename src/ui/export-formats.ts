/** Which format a file's name asks for. */
const FORMATS: Readonly<Record<string, string>> = {
  json: "json",
  html: "html",
  htm: "html",
  md: "markdown",
  csv: "csv",
  ndjson: "ndjson",
  txt: "text",
};

/** The name of a `--format`. Throws a sentence for the person when the ending says nothing. */
export function exportFormatOf(path: string): string {
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
  const format = FORMATS[ending];
  if (format === undefined)
    throw new Error(`The name's ending chooses the format: .${Object.keys(FORMATS).join(" .")}`);
  return format;
}
