// A backend is idle most of the time and runs for days: memory matters more than speed. Called by every way of starting one, so
// that a backend started by `serve` is as small as the one of the window (docs/dev/performance.md has the figures).
import { setFlagsFromString } from 'node:v8'
import { loadKoffi } from './native/load-koffi.ts'

/** glibc: free memory at the top of the heap beyond this is returned to the system (mallopt(3)). Its default, which it would raise. */
const TRIM_THRESHOLD_BYTES = 128 * 1024
const M_TRIM_THRESHOLD = -1
/** Loading the native calls takes 15 ms, which the start of a window need not wait for. */
const MALLOC_DELAY_MS = 500

/**
 * Sets the limits of V8 at once and those of glibc a moment later. V8's young generation stays small (a collection of 1 MB takes
 * less than 1 ms), and the old one is collected after little growth. The calls work for a single executable as well, which has
 * neither options of Node nor an environment of its own.
 */
export function keepMemorySmall(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--optimize-for-size')
  if (platform === 'linux') setTimeout(() => holdTrimThreshold(env), MALLOC_DELAY_MS).unref()
}

/**
 * Holds glibc's limit: otherwise it raises it, up to 64 MiB, with the size of the pieces that were freed. Returns false where that
 * cannot be done: another C library, no native calls, or settings of the user.
 */
export function holdTrimThreshold(env: NodeJS.ProcessEnv): boolean {
  if (env['MALLOC_TRIM_THRESHOLD_'] || env['GLIBC_TUNABLES']?.includes('glibc.malloc')) return false
  const { koffi } = loadKoffi()
  if (koffi === null) return false
  try {
    const mallopt = koffi.load(null).func('int mallopt(int parameter, int value)') as (
      parameter: number,
      value: number,
    ) => number
    return mallopt(M_TRIM_THRESHOLD, TRIM_THRESHOLD_BYTES) === 1
  } catch {
    // Another C library, such as musl: it has no such call, and returns memory by itself.
    return false
  }
}
