import { expect, test } from "vitest";
import { Painter } from "../../src/ui/painter.ts";

const ESC = "\u001b";

function paintedBy(act: (painter: Painter) => void): string[] {
  const written: string[] = [];
  const painter = new Painter({ write: (text) => written.push(text) > 0 }, 10, 3);
  act(painter);
  return written;
}

test("nothing is written while the terminal is somebody else's", () => {
  expect(paintedBy((painter) => painter.write("one"))).toEqual([]);
});

test("only lines that changed are written, each at its place", () => {
  const written = paintedBy((painter) => {
    painter.show();
    painter.write("one\ntwo\nthree");
    painter.write("one\n2\nthree");
  });
  expect(written[1]).toBe(`${ESC}[?2026h${ESC}[2;1H2${ESC}[K${ESC}[?2026l`);
});

test("the same frame again writes nothing", () => {
  const written = paintedBy((painter) => {
    painter.show();
    painter.write("one");
    painter.write("one");
  });
  expect(written.length).toBe(1);
});

test("a line that fills its columns is not followed by an erasure, which would take its last character", () => {
  const written = paintedBy((painter) => {
    painter.show();
    painter.write("0123456789");
  });
  expect(written[0]).not.toContain(`${ESC}[K`);
});

test("after a change of size everything is written again", () => {
  const written = paintedBy((painter) => {
    painter.show();
    painter.write("one\ntwo");
    painter.resize(20, 5);
    painter.write("one\ntwo");
  });
  expect(written[1]).toBe(`${ESC}[?2026h${ESC}[2J${ESC}[1;1Hone${ESC}[K${ESC}[2;1Htwo${ESC}[K${ESC}[?2026l`);
});
