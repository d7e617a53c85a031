/** A terminal's screen, as tmux tells it with its colours, as an SVG picture. */

const CELL_WIDTH = 8.4;
const CELL_HEIGHT = 18;
const FONT_SIZE = 14;
const MARGIN = 14;
const BACKGROUND = "#16181d";
const FOREGROUND = "#d6d9e0";
/** The sixteen colours. */
const PALETTE = [
  "#2a2d34",
  "#e5484d",
  "#4cb782",
  "#e2b93b",
  "#5b9dff",
  "#c586e0",
  "#45b8c4",
  "#d6d9e0",
  "#7d838f",
  "#ff6369",
  "#63d69b",
  "#ffd35c",
  "#85b8ff",
  "#dba3f2",
  "#6bd5e0",
  "#ffffff",
];
const CUBE = [0, 95, 135, 175, 215, 255];
const ESCAPE = "\u001b[";

const PLAIN = {
  colour: null,
  background: null,
  bold: false,
  faint: false,
  italic: false,
  underline: false,
  inverse: false,
};

/** `screen` is what `tmux capture-pane -p -e` printed. */
export function svgOf(screen, { columns, rows, title }) {
  const width = (columns * CELL_WIDTH + 2 * MARGIN).toFixed(0);
  const height = rows * CELL_HEIGHT + 2 * MARGIN;
  const parts = [];
  let style = PLAIN;
  for (const [row, line] of screen.trimEnd().split("\n").slice(0, rows).entries()) {
    let column = 0;
    for (const piece of piecesOf(line, style)) {
      style = piece.style;
      if (piece.text !== "") parts.push(...drawn(piece, row, column));
      column += [...piece.text].length;
    }
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT_SIZE}" xml:space="preserve">`,
    ...parts,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** Texts of one style each; the style goes on over the end of the line. */
function* piecesOf(line, before) {
  const [first, ...rest] = line.split(ESCAPE);
  let style = before;
  yield { text: first, style };
  for (const part of rest) {
    const end = part.indexOf("m");
    style = styled(style, part.slice(0, end).split(/[;:]/).map(Number));
    yield { text: part.slice(end + 1), style };
  }
}

function styled(before, codes) {
  let style = before;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] || 0;
    if (code === 0) style = PLAIN;
    else if (code === 1) style = { ...style, bold: true };
    else if (code === 2) style = { ...style, faint: true };
    else if (code === 3) style = { ...style, italic: true };
    else if (code === 4) style = { ...style, underline: true };
    else if (code === 7) style = { ...style, inverse: true };
    else if (code === 22) style = { ...style, bold: false, faint: false };
    else if (code === 23) style = { ...style, italic: false };
    else if (code === 24) style = { ...style, underline: false };
    else if (code === 27) style = { ...style, inverse: false };
    else if (code === 39) style = { ...style, colour: null };
    else if (code === 49) style = { ...style, background: null };
    else if (code === 38 || code === 48) {
      const [colour, used] = extended(codes.slice(at + 1));
      style = code === 38 ? { ...style, colour } : { ...style, background: colour };
      at += used;
    } else if (code >= 30 && code <= 37) style = { ...style, colour: PALETTE[code - 30] };
    else if (code >= 90 && code <= 97) style = { ...style, colour: PALETTE[code - 82] };
    else if (code >= 40 && code <= 47) style = { ...style, background: PALETTE[code - 40] };
    else if (code >= 100 && code <= 107) style = { ...style, background: PALETTE[code - 92] };
  }
  return style;
}

/** "5;N" or "2;R;G;B", and how many codes that took. */
function extended([kind, one, two, three]) {
  if (kind === 2) return [`rgb(${one},${two},${three})`, 4];
  return [indexed(one), 2];
}

function indexed(index) {
  if (index < 16) return PALETTE[index];
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232);
    return `rgb(${grey},${grey},${grey})`;
  }
  const cube = index - 16;
  return `rgb(${CUBE[Math.floor(cube / 36)]},${CUBE[Math.floor(cube / 6) % 6]},${CUBE[cube % 6]})`;
}

function drawn({ text, style }, row, column) {
  const ink = style.colour ?? FOREGROUND;
  const paper = style.background;
  const [colour, background] = style.inverse ? [paper ?? BACKGROUND, ink] : [ink, paper];
  const length = [...text].length;
  const x = (MARGIN + column * CELL_WIDTH).toFixed(1);
  const y = MARGIN + row * CELL_HEIGHT;
  const width = (length * CELL_WIDTH).toFixed(1);
  const parts = [];
  if (background !== null) {
    parts.push(`<rect x="${x}" y="${y}" width="${width}" height="${CELL_HEIGHT}" fill="${background}"/>`);
  }
  if (text.trim() === "") return parts;
  const marks = [
    style.bold ? ' font-weight="bold"' : "",
    style.faint ? ' opacity="0.65"' : "",
    style.italic ? ' font-style="italic"' : "",
    style.underline ? ' text-decoration="underline"' : "",
  ].join("");
  const baseline = (y + CELL_HEIGHT * 0.74).toFixed(1);
  for (const { shown, start } of wordsOf(text)) {
    const left = (MARGIN + (column + start) * CELL_WIDTH).toFixed(1);
    const wide = ([...shown].length * CELL_WIDTH).toFixed(1);
    parts.push(
      `<text x="${left}" y="${baseline}" textLength="${wide}" lengthAdjust="spacingAndGlyphs" fill="${colour}"${marks}>${escaped(shown)}</text>`,
    );
  }
  return parts;
}

/** Stretches without two spaces in a row, each with the column where it starts: what draws a picture collapses spaces. */
function* wordsOf(text) {
  let start = 0;
  for (const part of text.split(/( {2,})/)) {
    const shown = part.trim();
    const before = part.length - part.trimStart().length;
    if (shown !== "") yield { shown, start: start + before };
    start += [...part].length;
  }
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
