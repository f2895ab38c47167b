// Where the bars of the tools and their numbers stand. Pure.

interface BarColumn {
  left: number
  /** Of the longest bar. */
  width: number
  /** The right end of its numbers. */
  numberX: number
}

export interface ChartColumns {
  isNarrow: boolean
  width: number
  /** Space of a tool's name. */
  namePx: number
  rowPx: number
  /** Within a row: the base line of its text, and the top of the bar of calls. */
  textY: number
  barY: number
  /** Left end of the shares. */
  shareLeft: number
  calls: BarColumn
  /** `down`: how far the bar of tokens is below the one of calls. */
  tokens: BarColumn & { down: number }
}

const NARROW_PX = 560
const GAP_PX = 16
const CALL_NUMBERS_PX = 96
const TOKEN_NUMBERS_PX = 136

/** Returns one line per tool; in a narrow window the bars are below the name and the numbers. */
export function columnsOf(width: number): ChartColumns {
  if (width < NARROW_PX) return narrowColumns(width)
  const namePx = Math.min(230, Math.round(width * 0.3))
  const barsPx = width - namePx - CALL_NUMBERS_PX - TOKEN_NUMBERS_PX - 2 * GAP_PX
  const callsPx = Math.round(barsPx / 2)
  const tokensLeft = namePx + callsPx + CALL_NUMBERS_PX + GAP_PX
  return {
    isNarrow: false,
    width,
    namePx,
    rowPx: 28,
    textY: 18,
    barY: 10,
    shareLeft: namePx,
    calls: { left: namePx, width: callsPx, numberX: namePx + callsPx + CALL_NUMBERS_PX },
    tokens: { left: tokensLeft, width: barsPx - callsPx, numberX: width, down: 0 },
  }
}

function narrowColumns(width: number): ChartColumns {
  const callsEnd = width - TOKEN_NUMBERS_PX
  return {
    isNarrow: true,
    width,
    namePx: callsEnd - CALL_NUMBERS_PX + GAP_PX,
    rowPx: 48,
    textY: 16,
    barY: 24,
    shareLeft: 56,
    calls: { left: 16, width: width - 16, numberX: callsEnd },
    tokens: { left: 16, width: width - 16, numberX: width, down: 10 },
  }
}
