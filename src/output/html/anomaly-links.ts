/** Links to anomalies of the page, by their numbers. */
import { MAX_PAGE_ANOMALIES } from "../../limits.ts";
import { type Markup, markup } from "./markup.ts";

/** Links that are written at one place. */
const SHOWN_LINKS = 8;

/** "1, 3 and 4 more"; anomalies that are not on the page are only named. */
export function anomalyLinks(indexes: readonly number[]): Markup {
  const links = indexes.slice(0, SHOWN_LINKS).map((index, place) => {
    const name = markup`anomaly ${index + 1}`;
    return markup`${place > 0 && ", "}${index < MAX_PAGE_ANOMALIES ? markup`<a href="#anomaly-${index + 1}">${name}</a>` : name}`;
  });
  const rest = indexes.length - SHOWN_LINKS;
  return markup`${links}${rest > 0 && ` and ${rest} more`}`;
}
