// The memory limits of a backend, in processes of their own: a limit cannot be removed again.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { loadKoffi } from './native/load-koffi.ts'
import { holdTrimThreshold } from './small-memory.ts'

const module = pathToFileURL(join(import.meta.dirname, 'small-memory.ts')).href

/** Frees 32 MiB in small pieces, after a larger piece has raised the limit of glibc to 60 MiB; prints the MiB that stay resident. */
const KEPT_MIB = `
const { holdTrimThreshold } = await import(${JSON.stringify(module)})
if (process.argv[1] === 'limit' && !holdTrimThreshold({})) throw new Error('no limit')
const { createRequire } = await import('node:module')
const libc = createRequire(${JSON.stringify(module)})('koffi').load(null)
const malloc = libc.func('void *malloc(size_t size)')
const calloc = libc.func('void *calloc(size_t count, size_t size)')
const free = libc.func('void free(void *pointer)')
const rssMib = () => process.memoryUsage.rss() / 1024 / 1024
// Above the dynamic limit for mmap: its release raises that one and the trim limit.
free(malloc(30 * 1024 * 1024))
const before = rssMib()
const pieces = Array.from({ length: 2048 }, () => calloc(4096, 4))
for (const piece of pieces) free(piece)
console.log(Math.round(rssMib() - before))
`
const keptMib = (mode: 'limit' | 'default'): number =>
  Number(
    execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', KEPT_MIB, mode], {
      encoding: 'utf8',
    }),
  )

const canCall = process.platform === 'linux' && loadKoffi().koffi !== null

it.runIf(canCall)(
  'returns freed memory to the system, which glibc would keep',
  () => {
    expect(keptMib('default')).toBeGreaterThan(20)
    expect(keptMib('limit')).toBeLessThan(10)
  },
  60_000,
)

it.each([{ MALLOC_TRIM_THRESHOLD_: '1' }, { GLIBC_TUNABLES: 'glibc.malloc.trim_threshold=1' }])(
  'leaves the settings of the user: %j',
  (env) => {
    expect(holdTrimThreshold(env)).toBe(false)
  },
)
