/** A section of the page: a landmark with its heading, and the number of what it lists. */
import { count } from "../../report/values.ts";
import { type Markup, markup } from "./markup.ts";

export function section(id: string, title: string, rows: number | null, content: Markup): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}${rows !== null && markup` <span class="amount">${count(rows)}</span>`}</h2>
${content}
</section>
`;
}
