// Words whose bytes are not UTF-8.
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { byteExactStart, decodeWord, encodeWord, readOwnArguments } from './raw-arguments.ts'

const EVERY_HIGH_BYTE = Buffer.from(Array.from({ length: 128 }, (_, i) => 128 + i))

describe('a word', () => {
  it.each([
    ['ASCII', Buffer.from('plain')],
    ['UTF-8', Buffer.from('Äpfel 苹果 🍏 \uFEFF')],
    ['Latin 1', Buffer.from('/x/caf\xe9', 'latin1')],
    ['a cut character', Buffer.from('🍏é').subarray(0, 5)],
    ['an overlong slash and a surrogate', Buffer.from('c0afeda080', 'hex')],
    ['every high byte', EVERY_HIGH_BYTE],
    ['U+FFFD itself', Buffer.from('\uFFFD')],
  ])('of %s keeps its bytes', (_, bytes) => {
    expect(encodeWord(decodeWord(bytes))).toEqual(bytes)
  })

  it('that Node could decode is not read again', () => {
    expect(readOwnArguments(['a', 'é'], 'win32')).toEqual(['a', 'é'])
  })

  it('that was lost is refused where the kernel does not provide it', () => {
    expect(() => readOwnArguments(['/x/caf\uFFFD'], 'darwin')).toThrow('is not valid UTF-8')
  })
})

describe('the start', () => {
  const odd = decodeWord(Buffer.concat([Buffer.from("'$(x) %s\\\n"), EVERY_HIGH_BYTE]))

  it('is unchanged for UTF-8', () => {
    expect(byteExactStart(['prog', 'é', '🍏'], { A: 'ü' }, 'linux')).toBeNull()
  })

  it.skipIf(process.platform !== 'linux')('passes every byte to the program', () => {
    const command = ['/bin/sh', '-c', 'cat /proc/$$/cmdline', odd, '', 'last é']
    const start = byteExactStart(command, process.env, 'linux')
    const seen = execFileSync(start?.file ?? '', start?.args)
    expect(seen).toEqual(Buffer.concat(command.flatMap((word) => [encodeWord(word), Buffer.of(0)])))
  })

  it('is refused where it cannot be byte-exact', () => {
    expect(() => byteExactStart(['prog', odd], {}, 'darwin')).toThrow('is not valid UTF-8')
    expect(() => byteExactStart(['a=b', odd], {}, 'linux')).toThrow('is not valid UTF-8')
    expect(() => byteExactStart(['prog', `${odd}\n`], {}, 'linux')).toThrow('is not valid UTF-8')
    expect(() => byteExactStart([`/no/such/${odd}`], {}, 'linux')).toThrow('Cannot start ')
    expect(() => byteExactStart(['prog'], { BAD: 'caf\uFFFD' }, 'darwin')).toThrow('variable BAD')
  })
})
