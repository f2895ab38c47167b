// The runtime that is on this machine already: whose it may be, and which one goes first.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findNativeRuntime, type RuntimePlace, runtimeFile } from '../native-runtime.ts'

const isPosix = process.platform !== 'win32'
const NAME = 'neutralino-linux_x64'
let folder = ''
let place: RuntimePlace
const cache = (): string => dirname(runtimeFile(place) ?? '')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'serena-deck-found-'))
  place = { env: { XDG_CACHE_HOME: folder }, platform: 'linux', arch: 'x64' }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('is used from the cache without a check of its digest', async () => {
  expect(findNativeRuntime(place)).toBeNull()
  const file = join(folder, 'serena-deck', 'neutralino', '6.9.0', NAME)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, 'built by hand', { mode: 0o644 })
  expect(findNativeRuntime(place)).toBe(file)
  expect(readFileSync(file, 'utf8')).toBe('built by hand')
  if (isPosix) expect(statSync(file).mode & 0o777).toBe(0o744)
})

it('is neither an empty file, nor a folder, nor writable for other users', async () => {
  const file = runtimeFile(place) ?? ''
  await mkdir(file, { recursive: true })
  expect(findNativeRuntime(place)).toBeNull()
  rmSync(file, { recursive: true })
  await writeFile(file, '')
  expect(findNativeRuntime(place)).toBeNull()
  await writeFile(file, 'program')
  await chmod(file, 0o777)
  expect(findNativeRuntime(place) === null).toBe(isPosix)
})

it('is taken from a release before the cache', async () => {
  const beside = join(folder, 'runtime')
  await mkdir(cache(), { recursive: true })
  await writeFile(runtimeFile(place) ?? '', 'program', { mode: 0o755 })
  expect(findNativeRuntime({ ...place, beside })).toBe(runtimeFile(place))
  await mkdir(beside)
  await writeFile(join(beside, NAME), 'program', { mode: 0o755 })
  expect(findNativeRuntime({ ...place, beside })).toBe(join(beside, NAME))
})

it('is taken from SERENA_DECK_RUNTIME, which excludes all others', async () => {
  const chosen = join(folder, 'my own')
  const env = { ...place.env, SERENA_DECK_RUNTIME: chosen }
  await mkdir(cache(), { recursive: true })
  await writeFile(runtimeFile(place) ?? '', 'program', { mode: 0o755 })
  expect(() => findNativeRuntime({ ...place, env })).toThrow('which this user cannot execute')
  await writeFile(chosen, 'program', { mode: 0o755 })
  expect(findNativeRuntime({ ...place, env })).toBe(chosen)
})
