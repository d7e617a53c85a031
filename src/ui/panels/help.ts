/** All keys and what they do, from their data. */
import { padded } from "../../bytes/text-columns.ts";
import { FILTER_FIELDS } from "../../report/view-fields.ts";
import { type Body, documentBody, reading } from "../body.ts";
import { BINDINGS } from "../keys.ts";
import { type Line, piece } from "../parts/line.ts";

const FIELD_COLUMNS = 16;

export function helpBody(): Body {
  const keys = BINDINGS.map(({ shown, help }): Line => [piece(padded(shown, 12), "key"), piece(help)]);
  return documentBody(
    reading([
      [piece("Keys", "strong")],
      ...keys,
      [],
      [piece("Filters", "strong")],
      [
        piece(padded("dns eth1", FIELD_COLUMNS), "accent"),
        piece("rows in which both words are found; -word: not found"),
      ],
      [
        piece(padded("rcode:SERVFAIL", FIELD_COLUMNS), "accent"),
        piece("field:value; field:a,b is either; packets:>10"),
      ],
      ...FILTER_FIELDS.map(({ name, help }): Line => [piece(padded(`${name}:`, FIELD_COLUMNS), "key"), piece(help)]),
    ]),
  );
}
