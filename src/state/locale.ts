// Dates, numbers and order as the person's language has them. Each formatter is made once, when it is first needed: it lies outside
// the JavaScript heap with tens of kilobytes, and each `toLocaleString` of WebKit makes another, which only the collector takes
// away (docs/performance.md).

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
const collator = once(() => new Intl.Collator(undefined, { numeric: true }))

/** The time itself, for whoever wants more than `2 min ago`. */
export const exactTime = (iso: string): string => exact().format(new Date(iso))

/** `14:02` */
export const clockTime = (iso: string): string => clock().format(new Date(iso))

/** `Saturday, November 28, 2026` */
export const dayInWords = (date: Date): string => day().format(date)

/** `12,345` */
export const groupedNumber = (value: number): string => grouped().format(value)

/** Order for `sort`: `shop-2` before `shop-10`. */
export const compareWords = (a: string, b: string): number => collator().compare(a, b)
