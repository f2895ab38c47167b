// The menu of the tray icon: counts and actions. Pure.
import type { DeckSummary } from '../../state/deck-summary.ts'

export const TRAY_ACTIONS = ['show', 'kill', 'quit'] as const
export type TrayAction = (typeof TRAY_ACTIONS)[number]

export interface TrayItem {
  /** Null: text without action, or `-` for a separator. */
  id: TrayAction | null
  text: string
}

const KINDS = [
  ['green', 'live'],
  ['yellow', 'idle'],
  ['blue', 'starting'],
  ['grey', 'other'],
] as const

/** Returns the menu items for these counts. */
export function trayMenu({ count, byColor }: Pick<DeckSummary, 'count' | 'byColor'>): TrayItem[] {
  const words = KINDS.flatMap(([color, word]) => (byColor[color] > 0 ? `${byColor[color]} ${word}` : []))
  const { red } = byColor
  const zombies = red === 1 ? '1 zombie' : `${red} zombies`
  return [
    { id: null, text: count === 0 ? 'No Serena instances are running' : [...words, zombies].join(', ') },
    { id: null, text: '-' },
    { id: 'show', text: 'Show Serena Deck' },
    ...(red > 0 ? [{ id: 'kill' as const, text: `Kill all zombies (${red}) …` }] : []),
    { id: null, text: '-' },
    { id: 'quit', text: 'Quit' },
  ]
}

export const isSameMenu = (a: readonly TrayItem[], b: readonly TrayItem[]): boolean =>
  a.length === b.length && a.every(({ id, text }, at) => id === b[at]?.id && text === b[at].text)
