/** The button for light, dark, or what the system says. */

const THEMES = ["system", "light", "dark"] as const;

export function enableTheme(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-theme-button]");
  if (button === null) return;
  let at = 0;
  button.hidden = false;
  button.addEventListener("click", () => {
    at = (at + 1) % THEMES.length;
    const theme = THEMES[at] ?? "system";
    document.documentElement.dataset["theme"] = theme;
    button.textContent = `Theme: ${theme}`;
  });
}
