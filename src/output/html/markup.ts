/** Markup that is safe by construction: what is put into a `markup` template is escaped, unless it is markup itself. */
import { safeString } from "../../bytes/text.ts";

/** HTML or SVG that may stand in the page as it is. Only `markup` makes it, and what embeds the page's own script and style. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes. Null and false leave nothing behind. */
export type MarkupValue = Markup | string | number | null | false | readonly MarkupValue[];

/** A piece of the page. Attributes in it stand in double quotes. */
export function markup(literals: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  let text = literals[0] ?? "";
  for (const [index, value] of values.entries()) text += textOf(value) + (literals[index + 1] ?? "");
  return new Markup(text);
}

/** Text from outside as it stands in the page, within an element or a quoted attribute: no markup, and nothing invisible. */
export function escaped(value: string): string {
  return safeString(value, Number.POSITIVE_INFINITY).replaceAll(
    /[&<>"']/g,
    (character) => ENTITIES[character] ?? character,
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function textOf(value: MarkupValue): string {
  if (value === null || value === false) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "string") return escaped(value);
  return typeof value === "number" ? String(value) : value.map(textOf).join("");
}
