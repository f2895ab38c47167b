import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cpuTimeMs } from './cpu-time.fixture.ts'
import { readYamlMapping } from './yaml-mapping.ts'

describe('readYamlMapping', () => {
  it('reads the keys, of an empty file none', () => {
    expect(readYamlMapping('a: 1\n__proto__: 2\n')).toEqual({
      keys: new Map<string, number>([
        ['a', 1],
        ['__proto__', 2],
      ]),
    })
    expect(readYamlMapping('# nothing yet\n')).toEqual({ keys: new Map() })
  })

  const bomb = Array.from({ length: 12 }, (_, at) =>
    at === 0 ? 'a0: &a0 [x, x]' : `a${at}: &a${at} [*a${at - 1}, *a${at - 1}, *a${at - 1}]`,
  ).join('\n')

  it.each([
    ['a list', '- a', /^It is not a mapping of keys/],
    ['words', 'just words', /^It is not a mapping of keys/],
    ['no YAML', 'auth_secret: [s3cr3t', /^It is not valid YAML \(line \d+, column \d+\)\.$/],
    ['a key twice', 'a: 1\nb: s3cr3t\na: 2\n', /^It is not valid YAML \(line 3, column 1\)\.$/],
    ['an alias of nothing', 'auth_secret: *s3cr3t', /an alias in it/],
    ['an alias alone', '*s3cr3t', /an alias in it/],
    ['aliases of aliases', bomb, /an alias in it/],
  ])('says why there are none, and quotes nothing: %s', (_, text, problem) => {
    const read = readYamlMapping(text)
    expect(read).toMatchObject({ problem: expect.stringMatching(problem) as string })
    expect('problem' in read && read.problem).not.toContain('s3cr3t')
  })

  it('reads thousands of keys in a bounded time', () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')
    const began = cpuTimeMs()
    expect(readYamlMapping(text)).toMatchObject({ keys: { size: 20_000 } })
    expect(cpuTimeMs() - began).toBeLessThan(2_500)
  })

  it('reads a file of nothing but errors quickly', () => {
    const began = cpuTimeMs()
    expect(readYamlMapping('"'.repeat(65_536))).toMatchObject({
      problem: 'It is not valid YAML (line 1, column 3).',
    })
    expect(cpuTimeMs() - began).toBeLessThan(3_000)
  })

  it('never throws', () => {
    const line = fc.oneof(
      fc.constantFrom('k: &x 1', 'k: *x', '*x', '<<: *x', '? [a]', '---', '!!binary x'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        readYamlMapping(lines.join('\n'))
      }),
    )
  })
})
