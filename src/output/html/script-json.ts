/** JSON that may stand within a `script` element: nothing in it can end the element, open a comment, or end a line of a script. */

/** The text of a value. Its strings are those of the value when it is parsed again. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
