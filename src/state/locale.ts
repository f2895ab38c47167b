// Dates, numbers and sort order of the user's locale. Each formatter is created once, on first use: it takes tens of kilobytes
// outside of the JavaScript heap, and each `toLocaleString` in WebKit creates another one (docs/dev/performance.md).

function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined
  return () => (made ??= make())
}

const exact = once(
  () =>
    new Intl.DateTimeFormat(undefined, {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }),
)
const clock = once(
  () => new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
)
const day = once(
  () =>
    new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
)
const grouped = once(() => new Intl.NumberFormat('en'))
const compact = once(() => new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }))
const collator = once(() => new Intl.Collator(undefined, { numeric: true }))

/** Returns the exact time, for tooltips. */
export const exactTime = (iso: string): string => exact().format(new Date(iso))

/** Returns the time as `14:02`. */
export const clockTime = (iso: string): string => clock().format(new Date(iso))

/** Returns the date as `Saturday, November 28, 2026`. */
export const dayInWords = (date: Date): string => day().format(date)

/** Returns the number as `12,345`. */
export const groupedNumber = (value: number): string => grouped().format(value)

/** Returns the number as `12.3K`, where the exact one is a hover away. */
export const compactNumber = (value: number): string => compact().format(value)

/** Compares two words in natural order, for `sort`: `shop-2` before `shop-10`. */
export const compareWords = (a: string, b: string): number => collator().compare(a, b)
