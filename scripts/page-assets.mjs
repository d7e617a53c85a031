// Makes src/output/html/page-assets.ts: the HTML report's script, bundled for browsers, and its style. Part of the build.
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "rolldown";

const FOLDER = "src/output/html";
const TARGET = `${FOLDER}/page-assets.ts`;

const { output } = await build({
  input: `${FOLDER}/browser/main.ts`,
  platform: "browser",
  tsconfig: `${FOLDER}/browser/tsconfig.json`,
  write: false,
  output: { format: "iife", minify: true },
});
const script = output[0].code.trim();
const style = readFileSync(`${FOLDER}/page.css`, "utf8")
  .replaceAll(/\/\*[\s\S]*?\*\//g, "")
  .replaceAll(/\n\s*/g, "\n")
  .trim();
for (const [name, text] of Object.entries({ script, style })) {
  if (/<\/?(script|style|!--)/i.test(text)) throw new Error(`the page's ${name} would end its element`);
}
const text = `/** Made by scripts/page-assets.mjs from browser/ and page.css: not to be edited, and not kept. */
export const PAGE_SCRIPT: string = ${JSON.stringify(script)};
export const PAGE_STYLE: string = ${JSON.stringify(style)};
`;
// Left alone when it is the same, so that nothing seems newer than what was built from it.
if (readIfThere(TARGET) !== text) writeFileSync(TARGET, text);

function readIfThere(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
