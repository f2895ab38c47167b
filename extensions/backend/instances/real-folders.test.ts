// A link that is changed is seen within a minute.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createRealFolders } from './real-folders.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'real-folders-')))
afterAll(() => rmSync(folder, { recursive: true }))

it('keeps a resolved folder for a minute, and resolves it again then', () => {
  let nowMs = 0
  const realOf = createRealFolders(() => nowMs)
  const link = join(folder, 'link')
  for (const name of ['a', 'b']) mkdirSync(join(folder, name))
  symlinkSync(join(folder, 'a'), link)
  expect(realOf(link)).toBe(join(folder, 'a'))
  rmSync(link)
  symlinkSync(join(folder, 'b'), link)
  nowMs = 59_999
  expect(realOf(link)).toBe(join(folder, 'a'))
  nowMs = 60_000
  expect(realOf(link)).toBe(join(folder, 'b'))
})
