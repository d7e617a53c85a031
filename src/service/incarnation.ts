/** The incarnation of a goal state. The agent asks for one every few seconds: it is taken from the body's bytes where that is plain. */
import { NO_TEXT, type TextPool } from "../bytes/text-pool.ts";
import { readGoalState } from "../decode/agent-bodies.ts";
import { indexOfIgnoreCase } from "./http-head.ts";

const OPENING = "<incarnation>";
/** Longest part of a goal state that is looked into: its incarnation stands at the start. */
const GOAL_STATE_BYTES = 512;

/** Number in the pool of the incarnation that the goal state `view[start, end)` names; NO_TEXT without. */
export function internIncarnation(texts: TextPool, view: DataView, start: number, end: number): number {
  const stop = Math.min(end, start + GOAL_STATE_BYTES);
  const opening = indexOfIgnoreCase(view, start, stop, OPENING);
  const from = opening + OPENING.length;
  let at = from;
  while (opening >= 0 && at < stop && isDigit(view.getUint8(at))) at++;
  if (opening >= 0 && at > from && at < stop && view.getUint8(at) === 0x3c) return texts.intern(view, from, at);
  const state = readGoalState(view, start, stop);
  return state === null ? NO_TEXT : texts.internString(state.incarnation);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
