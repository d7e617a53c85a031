/** How decoding one layer went. Cut is not malformed: the capture, not the sender, ended the packet early. */
export const Verdict = {
  /** All that the header states is there. */
  whole: 0,
  /** The bytes end before what the header states; fields that were reached are filled. */
  cut: 1,
  /** The header contradicts itself or its RFC. */
  malformed: 2,
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];
