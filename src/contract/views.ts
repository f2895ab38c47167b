// The views of the page, as its tabs, its addresses and `open --view` name them. Pure.

/** Of the tab of one instance. */
export const VIEWS = ['overview', 'logs', 'stats'] as const
export type View = (typeof VIEWS)[number]

/** Of the tab All. */
export const ALL_VIEWS = ['table', 'logs', 'stats', 'timeline', 'history', 'hub', 'health'] as const
export type AllViewName = (typeof ALL_VIEWS)[number]

/** The id of the tab All. */
export const ALL_TAB = 'all'

export const isView = (name: string): name is View => (VIEWS as readonly string[]).includes(name)
export const isAllView = (name: string): name is AllViewName =>
  (ALL_VIEWS as readonly string[]).includes(name)

/** Returns a sentence about an unknown view, with the known ones; null: it is known. */
export function viewProblem(name: string, isAll: boolean): string | null {
  if (isAll ? isAllView(name) : isView(name)) return null
  const of = isAll ? 'all instances' : 'one instance'
  return `Unknown view '${name}' of ${of}: use ${(isAll ? ALL_VIEWS : VIEWS).join(', ').replace(/, ([^,]*)$/, ' or $1')}.`
}
