/** Colours and symbols of the screen, as data: what a role looks like in each kind of terminal. Colour never says anything alone. */
import type { ServiceVerdict, Severity } from "../report/report.ts";

/** What a piece of text is for. */
export type Role =
  | "plain"
  | "strong"
  | "faint"
  | "bad"
  | "doubtful"
  | "good"
  | "note"
  | "accent"
  | "key"
  | "selected"
  | "chosen"
  | "cursor";

/** How many colours the terminal has; "none" is what NO_COLOR asks for. */
export type ColourDepth = "none" | "16" | "256" | "truecolor";

/** Select Graphic Rendition parameters (ECMA-48 section 8.3.117) of each role, one after the other; [] is the terminal's own. */
type Palette = Readonly<Record<Role, readonly string[]>>;

const NO_COLOURS: Palette = {
  plain: [],
  strong: ["1"],
  faint: [],
  bad: ["1"],
  doubtful: ["1"],
  good: [],
  note: [],
  accent: ["1"],
  key: ["1"],
  selected: ["7"],
  chosen: ["1", "7"],
  cursor: ["7"],
};

/** The sixteen colours of every terminal, so that its owner's theme decides what they look like. */
const SIXTEEN_COLOURS: Palette = {
  ...NO_COLOURS,
  faint: ["2"],
  bad: ["31"],
  doubtful: ["33"],
  good: ["32"],
  note: ["36"],
  accent: ["36"],
  key: ["1", "36"],
};

const MANY_COLOURS: Palette = {
  ...SIXTEEN_COLOURS,
  faint: ["38;5;245"],
  bad: ["38;5;203"],
  doubtful: ["38;5;214"],
  good: ["38;5;78"],
  note: ["38;5;75"],
  accent: ["38;5;80"],
  key: ["1", "38;5;80"],
  selected: ["48;5;238"],
};

const ALL_COLOURS: Palette = {
  ...SIXTEEN_COLOURS,
  faint: ["38;2;138;138;138"],
  bad: ["38;2;255;95;95"],
  doubtful: ["38;2;255;175;0"],
  good: ["38;2;95;215;135"],
  note: ["38;2;95;175;255"],
  accent: ["38;2;95;215;215"],
  key: ["1", "38;2;95;215;215"],
  selected: ["48;2;58;58;70"],
};

const PALETTES: Readonly<Record<ColourDepth, Palette>> = {
  none: NO_COLOURS,
  "16": SIXTEEN_COLOURS,
  "256": MANY_COLOURS,
  truecolor: ALL_COLOURS,
};

/** Characters that draw, in a set for UTF-8 and one for every terminal. */
export interface Symbols {
  readonly verdicts: Readonly<Record<ServiceVerdict, string>>;
  readonly severities: Readonly<Record<Severity, string>>;
  readonly cursor: string;
  readonly ellipsis: string;
  readonly rule: string;
  readonly separator: string;
  readonly toRight: string;
  readonly toLeft: string;
  /** From nothing to full, for sparklines. */
  readonly bars: readonly string[];
  /** A bucket with a failure in it, and one where nothing happened. */
  readonly failure: string;
  readonly nothing: string;
  readonly up: string;
  readonly down: string;
  readonly barDone: string;
  readonly barLeft: string;
  readonly ladderSide: string;
  readonly times: string;
  readonly ascending: string;
  readonly descending: string;
}

const UTF8_SYMBOLS: Symbols = {
  verdicts: { failing: "✗", degraded: "▲", healthy: "✓", "not-seen": "○" },
  severities: { critical: "✗", warning: "▲", notice: "●" },
  cursor: "▸",
  ellipsis: "…",
  rule: "─",
  separator: "│",
  toRight: "→",
  toLeft: "←",
  bars: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
  failure: "×",
  nothing: "·",
  up: "▀",
  down: "▁",
  barDone: "█",
  barLeft: "░",
  ladderSide: "│",
  times: "×",
  ascending: "▲",
  descending: "▼",
};

const ASCII_SYMBOLS: Symbols = {
  verdicts: { failing: "X", degraded: "!", healthy: "+", "not-seen": "o" },
  severities: { critical: "X", warning: "!", notice: "i" },
  cursor: ">",
  ellipsis: "~",
  rule: "-",
  separator: "|",
  toRight: ">",
  toLeft: "<",
  bars: ["_", ".", ":", "-", "=", "+", "*", "#"],
  failure: "x",
  nothing: ".",
  up: "^",
  down: "_",
  barDone: "#",
  barLeft: ".",
  ladderSide: "|",
  times: "x",
  ascending: "^",
  descending: "v",
};

export interface Theme {
  readonly depth: ColourDepth;
  readonly palette: Palette;
  readonly symbols: Symbols;
}

/** What decides: the environment's variables, and what the command line says over them. */
export interface ThemeChoice {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly ascii?: boolean;
  readonly colour?: boolean;
}

export function themeFor(choice: ThemeChoice): Theme {
  const depth = choice.colour === false ? "none" : colourDepth(choice.env);
  const ascii = choice.ascii ?? !isUtf8(choice.env);
  return { depth, palette: PALETTES[depth], symbols: ascii ? ASCII_SYMBOLS : UTF8_SYMBOLS };
}

/** https://no-color.org, then what the terminal says of itself. */
function colourDepth(env: ThemeChoice["env"]): ColourDepth {
  if ((env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb") return "none";
  if (/^(truecolor|24bit)$/i.test(env["COLORTERM"] ?? "")) return "truecolor";
  return /256/.test(env["TERM"] ?? "") ? "256" : "16";
}

/** POSIX: LC_ALL over LC_CTYPE over LANG; an empty one does not count. VIPSCOPE_ASCII asks for plain characters whatever they say. */
function isUtf8(env: ThemeChoice["env"]): boolean {
  if ((env["VIPSCOPE_ASCII"] ?? "") !== "") return false;
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find((one) => one !== undefined && one !== "");
  if (locale === undefined) return env["WT_SESSION"] !== undefined;
  return /utf-?8/i.test(locale);
}

export function severityRole(severity: Severity): Role {
  switch (severity) {
    case "critical":
      return "bad";
    case "warning":
      return "doubtful";
    case "notice":
      return "note";
    default:
      return severity satisfies never;
  }
}

export function verdictRole(verdict: ServiceVerdict): Role {
  switch (verdict) {
    case "failing":
      return "bad";
    case "degraded":
      return "doubtful";
    case "healthy":
      return "good";
    case "not-seen":
      return "faint";
    default:
      return verdict satisfies never;
  }
}
