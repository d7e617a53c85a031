/** A coordinate with the precision that can be seen. */
export function px(value: number): number {
  return Math.round(value * 10) / 10;
}
