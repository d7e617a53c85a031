/** Keys as data: what each does, where it applies, and how the footer and the help name it. */

/** What a key asks for. */
export type Command =
  | "quit"
  | "suspend"
  | "help"
  | "back"
  | "open"
  | "up"
  | "down"
  | "page-up"
  | "page-down"
  | "half-up"
  | "half-down"
  | "first"
  | "last"
  | "next-view"
  | "previous-view"
  | "view-anomalies"
  | "view-flows"
  | "view-dns"
  | "view-dhcp"
  | "view-http"
  | "view-probes"
  | "view-nics"
  | "view-capture"
  | "filter"
  | "clear"
  | "sort"
  | "reverse"
  | "follow"
  | "next-notable"
  | "previous-notable"
  | "pause"
  | "copy"
  | "write"
  | "export";

/** Where the cursor is. */
export type Place = "list" | "table" | "page";

/** One command and its keys. */
export interface Binding {
  readonly command: Command;
  /** Names as `keysOf` gives them: a character, or "up", "enter", "ctrl-d", "alt-q", ... */
  readonly keys: readonly string[];
  /** How the keys are written for people. */
  readonly shown: string;
  /** One word or two, for the footer; null: not shown there. */
  readonly label: string | null;
  readonly help: string;
  readonly places: readonly Place[];
}

const EVERYWHERE: readonly Place[] = ["list", "table", "page"];

/** In the order of the footer and the help. */
export const BINDINGS: readonly Binding[] = [
  bind("open", ["enter", "right", "l"], "Enter", "open", "open what the cursor is on", EVERYWHERE),
  bind("back", ["esc", "left", "h", "backspace"], "Esc", "back", "go back", ["page"]),
  bind("filter", ["/"], "/", "filter", "filter the rows: words, or field:value", ["table"]),
  bind("clear", ["esc"], "Esc", null, "show all rows again", ["table"]),
  bind("sort", ["s"], "s", "sort", "sort by the next column", ["table"]),
  bind("reverse", ["S"], "S", null, "reverse the order", ["table"]),
  bind("follow", ["f"], "f", "follow", "go with the newest row, or stay", ["table"]),
  bind("next-notable", ["n"], "n/N", "next", "next row with a fault, next anomaly, next marked packet", [
    "table",
    "page",
  ]),
  bind("previous-notable", ["N"], "N", null, "the one before", ["table", "page"]),
  bind("copy", ["y"], "y", "copy", "copy the display filter or packet number to the clipboard", ["list", "page"]),
  bind("pause", [" "], "Space", "pause", "hold the screen still; packets are still taken in", EVERYWHERE),
  bind("write", ["w"], "w", "write", "write the platform's packets to a file; live: record from now on", EVERYWHERE),
  bind("export", ["e"], "e", "export", "export the report; the name's ending chooses the format", EVERYWHERE),
  bind("help", ["?"], "?", "help", "this help", EVERYWHERE),
  bind("quit", ["q", "ctrl-c"], "q", "quit", "leave", EVERYWHERE),
  bind("up", ["up", "k"], "Up k", null, "one up", EVERYWHERE),
  bind("down", ["down", "j"], "Down j", null, "one down", EVERYWHERE),
  bind("page-up", ["pageup", "ctrl-b"], "PageUp", null, "a screen up", EVERYWHERE),
  bind("page-down", ["pagedown", "ctrl-f"], "PageDown", null, "a screen down", EVERYWHERE),
  bind("half-up", ["ctrl-u"], "Ctrl-u", null, "half a screen up", EVERYWHERE),
  bind("half-down", ["ctrl-d"], "Ctrl-d", null, "half a screen down", EVERYWHERE),
  bind("first", ["home", "g"], "Home g", null, "to the first", EVERYWHERE),
  bind("last", ["end", "G"], "End G", null, "to the last", EVERYWHERE),
  bind("next-view", ["tab"], "Tab", null, "the next view", EVERYWHERE),
  bind("previous-view", ["shift-tab"], "Shift-Tab", null, "the view before", EVERYWHERE),
  bind("view-anomalies", ["1"], "1", null, "what is wrong", EVERYWHERE),
  bind("view-flows", ["2"], "2", null, "flows: every conversation", EVERYWHERE),
  bind("view-dns", ["3"], "3", null, "DNS questions", EVERYWHERE),
  bind("view-dhcp", ["4"], "4", null, "DHCP exchanges", EVERYWHERE),
  bind("view-http", ["5"], "5", null, "HTTP requests, and the agent's polling", EVERYWHERE),
  bind("view-probes", ["6"], "6", null, "the load balancer's health probes", EVERYWHERE),
  bind("view-nics", ["7"], "7", null, "NICs and addresses", EVERYWHERE),
  bind("view-capture", ["8"], "8", null, "the capture: sources, problems, limits, warnings", EVERYWHERE),
  bind("suspend", ["ctrl-z"], "Ctrl-z", null, "suspend, until fg", EVERYWHERE),
];

/** The command of a key where the cursor is. */
export function commandOf(key: string, place: Place): Command | null {
  return BINDINGS.find((one) => one.keys.includes(key) && one.places.includes(place))?.command ?? null;
}

/** What Ink tells of a key press beside its text. */
export interface InkKey {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly pageDown: boolean;
  readonly pageUp: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly return: boolean;
  readonly escape: boolean;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly tab: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
  readonly meta: boolean;
}

/** Names of keys that came at once: several when they were typed faster than they were read, or pasted. */
export function keysOf(input: string, key: InkKey): string[] {
  const named = nameOf(key);
  if (named !== null) return [named];
  if (key.ctrl) return input === "" ? [] : [`ctrl-${input}`];
  if (key.meta) return [`alt-${input}`]; // as one read; Esc and then a key come one after the other
  return [...input].flatMap(characterKey);
}

function nameOf(key: InkKey): string | null {
  if (key.upArrow) return "up";
  if (key.downArrow) return "down";
  if (key.leftArrow) return "left";
  if (key.rightArrow) return "right";
  if (key.pageUp) return "pageup";
  if (key.pageDown) return "pagedown";
  if (key.home) return "home";
  if (key.end) return "end";
  if (key.return) return "enter";
  if (key.tab) return key.shift ? "shift-tab" : "tab";
  if (key.backspace || key.delete) return "backspace"; // terminals send DEL for it
  return key.escape ? "esc" : null;
}

function characterKey(character: string): string[] {
  if (character === "\r" || character === "\n") return ["enter"];
  if (character === "\t") return ["tab"];
  if (character === "\u007f" || character === "\b") return ["backspace"];
  if (character === "\u001b") return ["esc"];
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return [`ctrl-${String.fromCharCode(code + 0x60)}`];
  return [character];
}

function bind(
  command: Command,
  keys: readonly string[],
  shown: string,
  label: string | null,
  help: string,
  places: readonly Place[],
): Binding {
  return { command, keys, shown, label, help, places };
}
