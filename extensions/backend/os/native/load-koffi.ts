// Calls into system libraries, where the optional dependency koffi can be loaded: prebuilt for the usual platforms, no compiler needed.
// Loaded by the backend only, and only once something needs it: it costs 4 MB and some 15 ms.
import { createRequire } from 'node:module'
import { isSea } from 'node:sea'
import type * as Koffi from 'koffi'

export type KoffiLoading = { koffi: typeof Koffi; problem: null } | { koffi: null; problem: string }

let loading: KoffiLoading | null = null

/** Returns koffi, or why it cannot be loaded. SERENA_DECK_NATIVE=0 switches it off. */
export function loadKoffi(): KoffiLoading {
  loading ??= load()
  return loading
}

function load(): KoffiLoading {
  if (process.env['SERENA_DECK_NATIVE'] === '0')
    return { koffi: null, problem: 'disabled by SERENA_DECK_NATIVE=0' }
  try {
    // The single executable has it in the folder beside itself; a bundle finds it as any module does.
    const require = createRequire(isSea() ? process.execPath : import.meta.url)
    return { koffi: require('koffi') as typeof Koffi, problem: null }
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1)
    return { koffi: null, problem: line }
  }
}
