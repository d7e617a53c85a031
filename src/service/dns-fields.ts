/** What a DNS transaction and its further queries keep, in rows of numbers. */

/** Byte offsets of a transaction's fields, after those of `TransactionField`. Doubles: those that end in `Ns`. */
export const DnsField = {
  askedNs: 16,
  answeredNs: 24,
  lastAskedNs: 32,
  /** Identifier, and the question's type in the high 16 bits. */
  idAndType: 40,
  /** The question's class, and `DnsFlag` bits in the high 16 bits. */
  classAndFlags: 44,
  /** Number of the name's wire form in the pool of names. */
  name: 48,
  answerPacket: 52,
  /** Place of the answer's message in the pool of answers, plus one; 0 when it is not kept. */
  answerPlace: 56,
  /** Bytes of it that are kept, and the header's response code in the high 16 bits. */
  answerLengthAndCode: 60,
  /** First further query in the table of retries, plus one; and how many there were. */
  firstRetry: 64,
  retries: 68,
  /** Transaction that asked again over TCP, plus one. */
  fallback: 72,
  /** Next in the list of outstanding queries with the same hash. */
  nextOutstanding: 76,
  questionHash: 80,
} as const;

export const DNS_BYTES = 88;

/** Bits of `DnsField.classAndFlags`, above the class. */
export const DnsFlag = {
  tcp: 0x10000,
  answered: 0x20000,
  unsolicited: 0x40000,
  truncated: 0x80000,
  /** A message was cut by the capture. */
  cut: 0x100000,
  /** The answer has no records, or others than addresses. */
  otherRecords: 0x200000,
  answeredAgain: 0x400000,
  /** Asked again with its own identifier after a while, as clients do that had no answer. */
  repeated: 0x800000,
} as const;

/** Byte offsets of a further query's fields. */
export const RetryField = {
  packet: 0,
  /** The next one of its transaction, plus one. */
  next: 4,
  transaction: 8,
  flow: 12,
  messageId: 16,
  nextOutstanding: 20,
} as const;
export const RETRY_BYTES = 24;
