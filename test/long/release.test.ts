// Two releases of the same sources are identical.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTempFolder, projectRoot } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()

test('two runs give the same checksums', async () => {
  const folder = await makeTempFolder(scope, 'releases')
  const sumsOf = (name: string): string => {
    const out = join(folder, name)
    execFileSync(process.execPath, [
      join(projectRoot, 'scripts', 'release.mjs'),
      '--no-install',
      '--out',
      out,
    ])
    return readFileSync(join(out, 'SHA256SUMS'), 'utf8')
  }
  const first = sumsOf('first')
  expect(first).toContain('.tgz')
  expect(sumsOf('second')).toBe(first)
})
