// Preferences of this page, stored in the browser, or by the backend for the native window.
import { type Accessor, createEffect, createSignal, on } from 'solid-js'
import * as z from 'zod/mini'
import { ALL_VIEWS, VIEWS } from '#contract/views'
import { GROUPINGS, SORT_KEYS } from './deck-summary.ts'

const KEY = 'serena-deck.preferences'
export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const preferencesSchema = z.object({
  theme: z._default(z.enum(THEMES), 'system'),
  /** The view each tab opens with. */
  view: z._default(z.enum(VIEWS), 'overview'),
  sorting: z._default(z.object({ key: z.enum(SORT_KEYS), isDescending: z.boolean() }), {
    key: 'age',
    isDescending: true,
  }),
  /** The view of the All tab. */
  allView: z._default(z.enum(ALL_VIEWS), 'table'),
  grouping: z._default(z.enum(GROUPINGS), 'none'),
  hiddenColumns: z._default(z.array(z.enum(SORT_KEYS)), []),
  /** Tabs in the order of the user; empty: by age. */
  tabOrder: z._default(z.array(z.string()), []),
  /** Tabs that stay first. */
  pinnedTabs: z._default(z.array(z.string()), []),
  /** In a wide window, the tabs are a list beside the selected one. */
  hasSideList: z._default(z.boolean(), false),
  sideListPx: z._default(z.number().check(z.minimum(280), z.maximum(400)), 320),
  /** Whether the native window stays above other windows. */
  isPinned: z._default(z.boolean(), false),
  /** The last open tab of the native window: an instance's id or `all`. A browser uses session storage. */
  tab: z._default(z.string(), 'all'),
  /** Zoom of the native window; a browser has its own zoom. */
  zoomPercent: z._default(z.number().check(z.minimum(50), z.maximum(200)), 100),
  /** Desktop notifications for new zombies. */
  notifies: z._default(z.boolean(), false),
  /** Collapsed sections of Overview. Long lists and inactive items are collapsed by default. */
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

/** Storage for the preferences as text. */
export interface TextStorage {
  read(): string | null
  write(text: string): void
}

const browserStorage: TextStorage = {
  read: () => localStorage.getItem(KEY),
  write: (text) => localStorage.setItem(KEY, text),
}

/** Reads the stored preferences; missing or invalid values get their defaults. */
export function createPreferences(storage: TextStorage = browserStorage): PreferenceStore {
  const [current, setCurrent] = createSignal(parsePreferences(storage.read()))
  createEffect(on(current, (now) => storage.write(JSON.stringify(now)), { defer: true }))
  return { current, change: (part) => setCurrent((before) => ({ ...before, ...part })) }
}

function parsePreferences(text: string | null): Preferences {
  try {
    return z.parse(preferencesSchema, JSON.parse(text ?? '{}'))
  } catch {
    // Written by another version, or edited by hand.
    return z.parse(preferencesSchema, {})
  }
}

/** Applies the theme to the document; `system` follows the system setting. */
export function applyTheme(theme: Accessor<Theme>): void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const [isSystemDark, setIsSystemDark] = createSignal(system.matches)
  system.addEventListener('change', ({ matches }) => setIsSystemDark(matches))
  createEffect(() => {
    const isDark = theme() === 'dark' || (theme() === 'system' && isSystemDark())
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light'
  })
}
