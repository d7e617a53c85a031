/** Zeek's codes by what its documentation says of each (base/protocols/conn/main.zeek). */
import { expect, test } from "vitest";
import { connState, nextStates } from "../../src/flow/conn-state.ts";

/** "S" SYN, "H" SYN-ACK, "A" ACK, "D" data, "F" FIN, "R" RST: upper case from the VM, lower case from the platform. */
const FLAGS: Readonly<Record<string, number>> = { s: 2, h: 18, a: 16, d: 16, f: 17, r: 4 };

function codeOf(history: string, vmPort = 50_000, platformPort = 80): string {
  let states = 0;
  let hasPayload = false;
  for (const letter of history) {
    const lower = letter.toLowerCase();
    const fromVm = letter !== lower;
    const bytes = lower === "d" ? 10 : 0;
    if (bytes > 0) hasPayload = true;
    const ports = fromVm ? [vmPort, platformPort] : [platformPort, vmPort];
    states = nextStates(states, fromVm, FLAGS[lower] ?? 0, bytes, ports[0] ?? 0, ports[1] ?? 0);
  }
  return connState(states, hasPayload);
}

test.each([
  ["S", "S0", "an attempt without reply"],
  ["SSS", "S0", "retries too"],
  ["Sh", "S1", "Zeek takes the SYN-ACK for established"],
  ["ShADd", "S1", "established, not ended"],
  ["ShADdFfA", "SF", "the normal end"],
  ["ShADdfFa", "SF", "whoever begins it"],
  ["Sr", "REJ", "refused"],
  ["ShADF", "S2", "the originator alone closed"],
  ["ShADdf", "S3", "the responder alone closed"],
  ["ShADdR", "RSTO", "the originator reset"],
  ["ShADr", "RSTR", "the responder reset"],
  ["ShADdFfR", "SF", "a RST after both FINs changes nothing"],
  ["ShADFRf", "SF", "FIN, then RST, then the other FIN is a normal end"],
  ["SR", "RSTOS0", "the originator took its SYN back"],
  ["SAR", "OTH", "but not when it had gone on"],
  ["hr", "RSTRH", "SYN-ACK and RST without a SYN"],
  ["SF", "SH", "SYN and FIN without an answer"],
  ["hf", "SHR", "SYN-ACK and FIN without a SYN"],
  ["AdDa", "OTH", "from the middle"],
  ["da", "OTH", "one direction from the middle"],
  ["sHadDFfA", "SF", "the platform as originator"],
])("%s is %s: %s", (history, code) => {
  expect(codeOf(history)).toBe(code);
});

test("without a handshake a server's port tells who answers", () => {
  expect(codeOf("dr")).toBe("RSTRH");
  expect(codeOf("dr", 8080, 50_000)).toBe("OTH");
});
