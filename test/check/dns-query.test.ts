import { expect, test } from "vitest";
import { queryBytes, takeAnswer, unasked } from "../../src/check/dns-query.ts";
import { reverseName } from "../../src/check/dns-reverse.ts";

test("a query has the header and one question of RFC 1035", () => {
  expect(queryBytes(0x1234, "a.example", "A").toString("hex")).toBe(
    "123401000001000000000000" + "0161" + "076578616d706c65" + "00" + "00010001",
  );
});

test("the reverse name is that of RFC 1035 section 3.5", () => {
  expect(reverseName("168.63.129.16")).toBe("16.129.63.168.in-addr.arpa");
});

/** The answer to `queryBytes(id, "a.example", "A")` with one address. */
function answerBytes(id: number): Buffer {
  const answer = Buffer.concat([
    queryBytes(id, "a.example", "A"),
    Buffer.from("c00c000100010000003c0004c0000201", "hex"),
  ]);
  answer.writeUInt16BE(0x8180, 2);
  answer.writeUInt16BE(1, 6);
  return answer;
}

test("an answer to the question is taken", () => {
  const details = unasked("udp", "a.example", "A");
  expect(takeAnswer(details, 7, answerBytes(7))).toBe(true);
  expect(details).toMatchObject({ rcode: "NOERROR", answers: ["192.0.2.1"] });
});

test("another id, another name, a query and a cut message are not", () => {
  const details = unasked("udp", "a.example", "A");
  expect(takeAnswer(details, 8, answerBytes(7))).toBe(false);
  expect(takeAnswer(unasked("udp", "b.example", "A"), 7, answerBytes(7))).toBe(false);
  expect(takeAnswer(details, 7, queryBytes(7, "a.example", "A"))).toBe(false);
  expect(takeAnswer(details, 7, answerBytes(7).subarray(0, 5))).toBe(false);
  expect(details.rcode).toBe(null);
});
