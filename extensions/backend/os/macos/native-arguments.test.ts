import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseArguments, pickVariables } from './native-arguments.ts'
import { stackOf } from './native-machine.fixture.ts'

const stack = (count: number, text: string): Buffer => {
  const head = Buffer.alloc(4)
  head.writeInt32LE(count)
  return Buffer.concat([head, Buffer.from(text)])
}

it('reads program, arguments with spaces and empty ones, and the environment', () => {
  const bytes = stackOf({
    pid: 1,
    program: '/opt/homebrew/bin/python3.12',
    argv: ['python3', '-m', 'serena', '--project', '/Users/ana/my project', '', 'ü'],
    environment: ['PATH=/bin:/usr/bin', 'SERENA_HOME=/Users/ana/se rena', 'EMPTY='],
  })
  expect(parseArguments(bytes)).toEqual({
    program: '/opt/homebrew/bin/python3.12',
    argv: ['python3', '-m', 'serena', '--project', '/Users/ana/my project', '', 'ü'],
    environment: ['PATH=/bin:/usr/bin', 'SERENA_HOME=/Users/ana/se rena', 'EMPTY='],
  })
})

it('distinguishes a withheld environment from an empty one', () => {
  expect(parseArguments(stackOf({ pid: 1, environment: null }))?.environment).toBeNull()
  expect(parseArguments(stackOf({ pid: 1, environment: [] }))?.environment).toEqual([])
})

it('finds no argument in the zeros after the program', () => {
  expect(parseArguments(stack(1, '/bin/sh\0\0\0\0\0\0\0\0\0sh\0'))?.argv).toEqual(['sh'])
})

it('reads strings of the system that follow the environment without a zero', () => {
  const found = parseArguments(stack(1, '/bin/a\0\0a\0HOME=/h\0ptr_munge=\0'))
  expect(found && pickVariables(found.environment ?? [], ['HOME', 'SERENA_HOME'])).toEqual({ HOME: '/h' })
})

it.each([
  ['nothing', Buffer.alloc(0)],
  ['a count alone', stack(1, '')],
  ['a program without its zero', stack(1, '/bin/a')],
  ['fewer arguments than counted', stack(3, '/bin/a\0\0a\0b\0')],
  ['a cut argument', stack(2, '/bin/a\0\0a\0b')],
  ['a negative count', stack(-1, '/bin/a\0\0a\0')],
  ['a count of overwritten memory', stack(0x6e6f6d65, '/bin/a\0\0a\0')],
])('knows nothing of %s', (_, bytes) => {
  expect(parseArguments(bytes)).toBeNull()
})

it('reads any bytes without an error, and every process it is given', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      parseArguments(Buffer.from(bytes))
    }),
  )
  const text = fc.string({ unit: 'grapheme' }).filter((one) => !one.includes('\0'))
  const first = text.filter((one) => one !== '')
  fc.assert(
    fc.property(first, fc.array(text), (argv0, rest) => {
      const argv = [argv0, ...rest]
      expect(parseArguments(stackOf({ pid: 1, argv }))?.argv).toEqual(argv)
    }),
  )
})

it('picks the first of two variables, with equals signs in its value', () => {
  expect(pickVariables(['A=1=2', 'A=3', 'B=', 'AB=4', '=C', 'D'], ['A', 'B', 'D', ''])).toEqual({
    A: '1=2',
    B: '',
    '': 'C',
  })
})
