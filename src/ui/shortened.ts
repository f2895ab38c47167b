// Text in an SVG: it has no ellipsis of its own. Pure.

/** Of one letter of the interface font at 13 px, on average. */
const LETTER_PX = 7

/** Returns the text, ended with an ellipsis if it is probably wider than `px`. */
export function shortened(text: string, px: number, letterPx = LETTER_PX): string {
  const letters = Math.floor(px / letterPx)
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`
}
