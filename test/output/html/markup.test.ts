import { expect, test } from "vitest";
import { escaped, markup } from "../../../src/output/html/markup.ts";
import { scriptJson } from "../../../src/output/html/script-json.ts";

test("text in a template cannot become markup", () => {
  expect(markup`<td title="${`"><script>`}">${"<b>&'"}</td>`.text).toBe(
    '<td title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#39;</td>',
  );
});

test("markup in a template stays markup, and lists are joined", () => {
  const items = ["a", "<"].map((text) => markup`<li>${text}</li>`);
  expect(markup`<ul>${items}${null}${false}${3}</ul>`.text).toBe("<ul><li>a</li><li>&lt;</li>3</ul>");
});

test("text cannot hide or turn what is beside it", () => {
  expect(escaped("a\u202eb\u0000c\u2028")).toBe("a\\u{202E}b\\x00c\\u{2028}");
});

test("JSON in a script cannot end it, open a comment, or end a line", () => {
  const hostile = ["</script><script>", "<!--", "\u2028\u2029", "]]>", "&lt;"];
  const text = scriptJson(hostile);
  expect(/[<>&\u2028\u2029]/.test(text)).toBe(false);
  expect(JSON.parse(text)).toEqual(hostile);
});
