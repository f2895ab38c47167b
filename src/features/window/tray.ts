// The menu of the tray icon: how many of which kind, and what one may do from there. Pure.
import type { DeckSummary } from '../../state/deck-summary.ts'

export const TRAY_CHOICES = ['show', 'kill', 'quit'] as const
export type TrayChoice = (typeof TRAY_CHOICES)[number]

export interface TrayItem {
  /** Null: a line of text, or `-`, a rule. */
  id: TrayChoice | null
  text: string
}

const KINDS = [
  ['green', 'live'],
  ['yellow', 'idle'],
  ['blue', 'starting'],
  ['grey', 'other'],
] as const

/** The menu for these instances. */
export function trayMenu({ count, byColour }: Pick<DeckSummary, 'count' | 'byColour'>): TrayItem[] {
  const words = KINDS.flatMap(([colour, word]) => (byColour[colour] > 0 ? `${byColour[colour]} ${word}` : []))
  const { red } = byColour
  const zombies = red === 1 ? '1 zombie' : `${red} zombies`
  return [
    { id: null, text: count === 0 ? 'No Serena is running' : [...words, zombies].join(', ') },
    { id: null, text: '-' },
    { id: 'show', text: 'Show Serena Deck' },
    ...(red > 0 ? [{ id: 'kill' as const, text: `Kill all zombies (${red}) …` }] : []),
    { id: null, text: '-' },
    { id: 'quit', text: 'Quit' },
  ]
}

export const isSameMenu = (a: readonly TrayItem[], b: readonly TrayItem[]): boolean =>
  a.length === b.length && a.every(({ id, text }, at) => id === b[at]?.id && text === b[at].text)
