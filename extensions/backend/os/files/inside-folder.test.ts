import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { isOutside } from './inside-folder.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'inside-')))
afterAll(() => rmSync(folder, { recursive: true }))

it('resolves the folder, not the file, and knows names that begin with two dots', () => {
  mkdirSync(join(folder, 'shop'))
  symlinkSync(join(folder, 'shop'), join(folder, 'link'), 'junction')
  for (const project of ['shop', 'link'])
    expect(
      ['shop/.mcp.json', 'shop/..a/b', 'shop', 'other/a', 'shopping/a', ''].map((file) =>
        isOutside(join(folder, project), join(folder, file)),
      ),
    ).toEqual([false, false, true, true, true, true])
  expect(isOutside(join(folder, 'gone'), join(folder, 'gone', 'a'))).toBe(false)
})
