/** Whether one points with a finger. */
export function isTouch(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}
