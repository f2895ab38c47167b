import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createUsageKeeper, type UsageKeeper } from './usage-file.ts'

let folder = ''
let nowMs = 0
const faults: unknown[] = []
const START = Date.UTC(2026, 10, 23, 12)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'usage-'))
  nowMs = 0
  faults.length = 0
})
afterEach(() => rmSync(folder, { recursive: true }))

const keeper = (): UsageKeeper =>
  createUsageKeeper({
    folder,
    clock: { wall: () => START + nowMs, monotonic: () => nowMs },
    onFault: (error) => faults.push(error),
  })
const scan = (totalMb: number) => ({ atMs: START + nowMs, totalMb, active: [] })
const size = (): number | undefined => statSync(join(folder, 'usage.json'), { throwIfNoEntry: false })?.size

test('writes at most every five minutes, and what is left at the end', () => {
  const one = keeper()
  one.begin()
  one.take(scan(100))
  expect(size()).toBeUndefined()
  nowMs = 5 * 60_000
  one.take(scan(200))
  const written = size()
  expect(written).toBeGreaterThan(0)
  nowMs += 60_000
  one.take(scan(123_456))
  expect(size()).toBe(written)
  one.close()
  expect(readFileSync(join(folder, 'usage.json'), 'utf8')).toContain('123456')
})

test('continues what an earlier run wrote', () => {
  const one = keeper()
  one.begin()
  one.take(scan(100))
  one.close()
  nowMs = 10 * 60_000
  const later = keeper()
  later.begin()
  later.take(scan(50))
  expect(later.week().totalMb).toEqual([100, null, 50])
})

test('writes nothing before it has begun: another backend keeps this folder', () => {
  const one = keeper()
  one.take(scan(100))
  one.close()
  expect(size()).toBeUndefined()
})

test('reports a file that cannot be written, and continues', () => {
  rmSync(folder, { recursive: true })
  writeFileSync(folder, '')
  const one = keeper()
  one.begin()
  one.take(scan(100))
  one.close()
  expect(faults).toHaveLength(1)
  expect(one.week().totalMb).toEqual([100])
  rmSync(folder)
  folder = mkdtempSync(join(tmpdir(), 'usage-'))
})
