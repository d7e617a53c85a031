/** The frame of the page: its head with the policy that lets nothing in or out, its navigation, and its end. */
import { createHash } from "node:crypto";
import { type Markup, markup } from "./markup.ts";
import { PAGE_SCRIPT, PAGE_STYLE } from "./page-assets.ts";

/** One entry of the navigation. */
export interface Entry {
  readonly id: string;
  readonly title: string;
}

/** Everything before the page's own head. */
export function documentHead(title: string): string {
  return `${
    markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
`.text
  }<style>${PAGE_STYLE}</style>
</head>
<body>
`;
}

/** The bar above all, and the places that it leads to. */
export function pageBar(entries: readonly Entry[]): Markup {
  const links = entries.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`);
  return markup`<a class="skip" href="#main">Skip to the report</a>
<header class="bar"><span class="brand">vipscope</span><nav aria-label="Sections"><ul>${links}</ul></nav><button type="button" class="theme" data-theme-button hidden>Theme: system</button></header>
`;
}

/** Everything after the content. */
export function documentEnd(version: string): string {
  const foot = markup`<footer><p>Made by vipscope ${version} from packets alone. Secrets in targets and header fields are redacted; no body is in this page.</p></footer>
`;
  return `${foot.text}<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

/** Nothing is loaded and nothing is sent; of scripts and styles only these two run. */
function policy(): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(PAGE_SCRIPT)}'`,
    `style-src '${hashOf(PAGE_STYLE)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
