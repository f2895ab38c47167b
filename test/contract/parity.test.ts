// docs/dev/parity.md names a test for each row: each of them exists.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const proofs = readFileSync(join(root, 'docs/dev/parity.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/Proof \|$/.test(line))
  .map((line) => line.split(' | ').at(-1)?.replace(/ \|$/, '') ?? '')

/** Returns the text of the test file; null: no such file. */
function textOf(kind: string, file: string): string | null {
  const path = join(root, 'test', kind, `${file}.${kind === 'e2e' ? 'spec' : 'test'}.ts`)
  return existsSync(path) ? readFileSync(path, 'utf8').replaceAll("\\'", "'") : null
}

test.each([...new Set(proofs)])('%s', (proof) => {
  for (const one of proof.split(/; (?=e2e|contract)/)) {
    const [kind = '', file = ''] = (/^[\w/-]+/.exec(one)?.[0] ?? '').split('/')
    const text = textOf(kind, file)
    expect(text, `${kind}/${file}`).not.toBeNull()
    const title = / › (.*?)(?: \(\*\*real\*\*\))?$/.exec(one)?.[1]
    const version = /\d+\.\d+\.\d+/.exec(title ?? '')?.[0] ?? ''
    if (title === undefined) expect(one).toMatch(/\(each of its tests\)$/)
    else
      expect([title, title.replace(version, '${version}')].some((words) => text?.includes(words))).toBe(true)
  }
})
