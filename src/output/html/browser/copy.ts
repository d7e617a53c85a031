/** The buttons that copy a display filter. */

/** How long a button says what it did. */
const TOLD_MS = 1500;

export function enableCopying(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    const code = button.previousElementSibling;
    const label = button.firstChild;
    if (code === null || label === null) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      label.textContent = (await copied(code)) ? "Copied" : "Selected";
      setTimeout(() => {
        label.textContent = "Copy";
      }, TOLD_MS);
    });
  }
}

/** False when the browser does not let a page write to the clipboard: then the text is selected, ready for Ctrl+C. */
async function copied(code: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(code.textContent ?? "");
    return true;
  } catch {
    document.getSelection()?.selectAllChildren(code);
    return false;
  }
}
