// What the person chose on this page, kept in the browser, or by the backend for the native window.
import { type Accessor, createEffect, createSignal, on } from 'solid-js'
import * as z from 'zod/mini'
import { GROUPINGS, SORT_KEYS } from './deck-summary.ts'

const KEY = 'serena-deck.preferences'
export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]
export const VIEWS = ['overview', 'logs', 'stats'] as const
export type View = (typeof VIEWS)[number]

export const ALL_VIEWS = ['table', 'logs', 'stats', 'history'] as const
export type AllViewName = (typeof ALL_VIEWS)[number]

const preferencesSchema = z.object({
  theme: z._default(z.enum(THEMES), 'system'),
  /** The view that every tab opens with. */
  view: z._default(z.enum(VIEWS), 'overview'),
  sorting: z._default(z.object({ key: z.enum(SORT_KEYS), isDescending: z.boolean() }), {
    key: 'age',
    isDescending: true,
  }),
  /** What the tab All shows. */
  allView: z._default(z.enum(ALL_VIEWS), 'table'),
  grouping: z._default(z.enum(GROUPINGS), 'none'),
  hiddenColumns: z._default(z.array(z.enum(SORT_KEYS)), []),
  /** The native window stays above all others. */
  isPinned: z._default(z.boolean(), false),
  /** Of the native window: the tab that was open last, an instance's id or `all`. A browser's page keeps its own. */
  tab: z._default(z.string(), 'all'),
  /** Of the native window; a browser has its own. */
  zoomPercent: z._default(z.number().check(z.minimum(50), z.maximum(200)), 100),
  /** A notice on the desktop tells of each new zombie. */
  notifies: z._default(z.boolean(), false),
  /** Sections of Overview that are folded; what is long, or could be used but is not, is folded at first. */
  closedSections: z._default(z.array(z.string()), [
    'Active Tools',
    'Active Functions',
    'Registered Projects',
    'Available Tools',
    'Available Modes',
    'Available Contexts',
    'History',
  ]),
})
export type Preferences = z.infer<typeof preferencesSchema>

export interface PreferenceStore {
  current: Accessor<Preferences>
  change(part: Partial<Preferences>): void
}

/** Where the preferences are kept as text. */
export interface TextKeeper {
  read(): string | null
  write(text: string): void
}

const browserKeeper: TextKeeper = {
  read: () => localStorage.getItem(KEY),
  write: (text) => localStorage.setItem(KEY, text),
}

/** The preferences of this person; what is missing or broken has its default. */
export function createPreferences(keeper: TextKeeper = browserKeeper): PreferenceStore {
  const [current, setCurrent] = createSignal(parsePreferences(keeper.read()))
  createEffect(on(current, (now) => keeper.write(JSON.stringify(now)), { defer: true }))
  return { current, change: (part) => setCurrent((before) => ({ ...before, ...part })) }
}

function parsePreferences(text: string | null): Preferences {
  try {
    return z.parse(preferencesSchema, JSON.parse(text ?? '{}'))
  } catch {
    // By another version, or edited by hand.
    return z.parse(preferencesSchema, {})
  }
}

/** Puts the theme on the document, and follows the system while it is to. */
export function applyTheme(theme: Accessor<Theme>): void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const [isSystemDark, setIsSystemDark] = createSignal(system.matches)
  system.addEventListener('change', ({ matches }) => setIsSystemDark(matches))
  createEffect(() => {
    const isDark = theme() === 'dark' || (theme() === 'system' && isSystemDark())
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light'
  })
}
