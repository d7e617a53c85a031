/** What must hold of everything that comes out, whatever went in. Each throws an error that says what does not. */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";

/** Characters that move a cursor, end a line or turn its direction. */
const CONTROL = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
/** Elements that the page never has, and attributes that run or fetch something. */
const FOREIGN_ELEMENT = /^(?:img|iframe|object|embed|form|base|video|audio|foreignobject|a\b[^>]*href="(?!#))/i;
const RUNNING_ATTRIBUTE = /\s(?:on[a-z]+|src|srcdoc|action|formaction)\s*=/i;
const FORMULA = /^[=+\-@\t\r\uff0b\uff0d\uff1d\uff20]/;

/** A rule that does not hold. */
export class BrokenRule extends Error {}

function demand(holds, message) {
  if (!holds) throw new BrokenRule(message);
}

/** What stands around a place, for messages. */
function around(text, at) {
  return JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));
}

/** Text for people, with these line ends. */
export function plainText(text, lineEnds = /\n/g) {
  const shown = text.replaceAll(lineEnds, " ");
  const found = CONTROL.exec(shown);
  demand(found === null, `a control character: ${around(shown, found?.index ?? 0)}`);
}

/** No text within the value holds a control character. */
export function plainTexts(value) {
  if (typeof value === "string") plainText(value);
  else if (Array.isArray(value)) for (const one of value) plainTexts(one);
  else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value))
    for (const [key, one] of Object.entries(value)) plainTexts([key, one]);
}

/** The checks of a value by the published schema of this name, which are compiled once. */
export function schemaChecker(dist, name) {
  const schema = JSON.parse(readFileSync(new URL(`report/schemas/${name}.schema.json`, dist), "utf8"));
  const fits = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
  return (value) => {
    demand(fits(value), `not by the ${name} schema: ${JSON.stringify(fits.errors)}`);
    plainTexts(value);
  };
}

/** Two texts, or nulls, are the same. */
export function same(one, other) {
  if (one === other) return;
  demand(one !== null && other !== null, `one is refused: ${one === null ? "the whole" : "the pieces"}`);
  let at = 0;
  while (one[at] === other[at]) at++;
  throw new BrokenRule(`the texts differ: ${around(one, at)} and ${around(other, at)}`);
}

/** Parses it; a text that is no JSON breaks a rule. */
export function json(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BrokenRule(`no JSON: ${error.message}`);
  }
}

/** RFC 4180 with as many cells in each line as there are titles, of which none is a formula. */
export function csv(text) {
  plainText(text, /\r\n/g);
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  let titles = 0;
  let cells = 0;
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const found = cell.exec(text);
    demand(found !== null, `no cell: ${around(text, at)}`);
    const [, quoted, plain = "", end] = found;
    const value = quoted ?? plain;
    demand(!FORMULA.test(value) || (quoted === undefined && Number.isFinite(Number(plain))), `a formula: ${value}`);
    cells++;
    if (end === ",") continue;
    if (titles === 0) titles = cells;
    demand(cells === titles, `a line of ${cells} cells, not ${titles}: ${around(text, at)}`);
    cells = 0;
  }
  demand(cells === 0 && titles > 0, "it does not end with a line's end");
}

/** Outside of code there is nothing that Markdown, HTML or a chat takes for more than text. */
export function markdown(text) {
  plainText(text);
  const bare = text.replaceAll(/^```text\n.*\n```$/gm, "").replaceAll(/`[^`\n]*`/g, "");
  const found = /[`<>@[\]\\]|\w:\/\//.exec(bare);
  demand(found === null, `more than text: ${around(bare, found?.index ?? 0)}`);
}

/** Besides the page's own script and style, which are given, only data in scripts, and no element that runs or fetches anything. */
export function html(text, own) {
  let page = text;
  for (const part of own) {
    demand(page.split(part).length === 2, "the page's own script and style stand in it once");
    page = page.replace(part, () => "");
  }
  page = page.replaceAll(/<script\b[^>]*>([^<]*)<\/script>/g, (_, data) => {
    if (data !== "") json(data);
    return "";
  });
  plainText(page);
  for (const found of page.matchAll(/<(\/?[a-z!][^>]*>)?/gi)) {
    const [, element] = found;
    const fits = element !== undefined && !/^script/i.test(element) && !FOREIGN_ELEMENT.test(element);
    demand(fits && !RUNNING_ATTRIBUTE.test(element), `an element: ${around(page, found.index)}`);
  }
}
