// Opens the tab and the view that an address or `serena-deck open TARGET --view VIEW` names.
import { ALL_TAB, isAllView, isView, viewProblem } from '#contract/views'
import { visibleLine } from '#contract/visible-text'
import type { PreferenceStore } from '../state/preferences.ts'

export interface ViewTarget {
  tab: string | null
  view: string | null
}

/** Opens it; an unknown view is announced with the known ones, and the tab is opened anyway. */
export function openView(
  { tab, view }: ViewTarget,
  {
    select,
    preferences,
    announce,
  }: {
    select: (tab: string) => void
    preferences: Pick<PreferenceStore, 'change'>
    announce: (sentence: string) => void
  },
): void {
  if (tab !== null) select(tab)
  if (view === null) return
  const isAll = tab === null || tab === ALL_TAB
  if (isAll && isAllView(view)) preferences.change({ allView: view })
  else if (!isAll && isView(view)) preferences.change({ view })
  else announce(viewProblem(visibleLine(view), isAll) ?? '')
}
