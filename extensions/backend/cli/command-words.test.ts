// Wrong use of a command: one sentence that says what is wrong, whatever the parser of options makes of it.
import { expect, test } from 'vitest'
import { AppError } from '#contract/errors'
import { asksForHelp, type CommandShape, readArguments } from './command-words.ts'

const logs: CommandShape = {
  name: 'logs',
  rawName: 'logs <target>',
  args: [{ required: true, value: 'target', variadic: false }],
  options: [
    { rawName: '-f, --follow', isBoolean: true },
    { rawName: '-n, --lines <lines>', required: true },
    { rawName: '--mode <name>', required: true },
  ],
}
const problemOf = (words: readonly string[]): string => {
  try {
    return readArguments(words, logs).join(' ')
  } catch (error) {
    return error instanceof AppError && error.code === 'wrong-use' ? error.message : String(error)
  }
}

test.each([
  [['shop'], ['shop']],
  [['-f', '24284'], ['24284']],
  [['24284', '-n', '5'], ['24284']],
  [['-n5=x', 'shop'], null],
  [['--lines=5', '-f', 'shop'], ['shop']],
  [['-fn', '5', 'shop'], ['shop']],
  [['--', '-shop'], ['-shop']],
  [['--mode', 'a', '--mode', 'b', 'shop'], ['shop']],
])('reads the arguments of %j', (words, args) => {
  if (args === null) expect(() => readArguments(words, logs)).toThrow('Unknown option -5.')
  else expect(readArguments(words, logs)).toEqual(args)
})

test.each([
  [
    [],
    'Missing TARGET (pid, port, project name or path, pid:N, port:N). Run `serena-deck list` to see all instances.',
  ],
  [
    [''],
    'TARGET is empty (pid, port, project name or path, pid:N, port:N). Run `serena-deck list` to see all instances.',
  ],
  [['a', 'b'], 'Unexpected argument b.'],
  [['a', 'b', '\u001B[31m'], 'Unexpected arguments b, \\u{001B}[31m.'],
  [['a', '--', 'b'], 'Unexpected argument b.'],
  [['a', '-'], 'Unknown option -.'],
  [['a', '--no-follow'], 'Unknown option --no-follow.'],
  [['a', '---follow'], 'Unknown option ---follow.'],
  [['a', '--__proto__'], 'Unknown option --__proto__.'],
  [['a', '--follow.x'], 'Unknown option --follow.x.'],
  [['a', '-fx'], 'Unknown option -x.'],
  [['a', '-ff'], '-f can be given only once.'],
  [['a', '-f', '--follow'], '--follow can be given only once.'],
  [['a', '--follow=1'], '--follow takes no value.'],
  [['a', '--lines'], '--lines needs a value: -n, --lines <lines>.'],
  [['a', '--lines='], '--lines needs a value: -n, --lines <lines>.'],
  [['a', '-n', '--follow'], '-n needs a value: -n, --lines <lines>.'],
  [['a', '-nf', '5'], '-n needs a value: -n, --lines <lines>.'],
  [['a', '-n', '--', '5'], '-n needs a value: -n, --lines <lines>.'],
])('%j is wrong use', (words, problem) => {
  expect(problemOf(words)).toBe(problem)
})

test('a word behind -- asks for no help', () => {
  expect(asksForHelp(['a', '-h'])).toBe(true)
  expect(asksForHelp(['a', '--help'])).toBe(true)
  expect(asksForHelp(['--', '--help'])).toBe(false)
})
