// The last error of a log: what ended Serena, and what only went wrong on the side; nothing secret is repeated.
import { expect, test } from 'vitest'
import { lastErrorOf } from './log-error.ts'

const line = (level: string, thread: string, message: string): string =>
  `${level.padEnd(5)} 2026-11-29 17:43:34,676 [${thread}] serena.x:f:1 - ${message}`
const trace = 'Traceback (most recent call last):\n  File "x.py", line 1, in f\n    f()\n'

test('a fatal exception, also when the shutdown is logged after it', () => {
  const text = [
    line('INFO', 'MainThread', 'Initializing'),
    line('ERROR', 'MainThread', "Fatal exception: 'languages'"),
    `${trace}KeyError: 'languages'`,
    line('INFO', 'MainThread', 'SerenaAgent is shutting down ...'),
  ].join('\n')
  expect(lastErrorOf(text)).toEqual({ text: "KeyError: 'languages'", isFatal: true })
})

test('an error of a language server, or one that is followed by more work, ended nothing', () => {
  const server = [
    line('INFO', 'MainThread', 'Starting'),
    line('ERROR', 'StartLS:python', 'Error starting language server'),
    `${trace}RuntimeError: no uv`,
  ].join('\n')
  expect(lastErrorOf(server)).toEqual({ text: 'RuntimeError: no uv', isFatal: false })
  const skipped = [
    line('ERROR', 'MainThread', 'Failed to load x'),
    line('INFO', 'MainThread', 'Started'),
  ].join('\n')
  expect(lastErrorOf(skipped)).toMatchObject({ isFatal: false })
})

test('an error of the main thread that nothing follows ended it', () => {
  expect(lastErrorOf(line('CRITICAL', 'MainThread', 'out of memory'))).toEqual({
    text: 'out of memory',
    isFatal: true,
  })
})

test.each(['', 'no log at all', line('INFO', 'MainThread', 'Error-free')])('%j has none', (text) => {
  expect(lastErrorOf(text)).toBeNull()
})

test('is short, inert and without secrets', () => {
  const of = (error: string): string =>
    lastErrorOf(`${line('ERROR', 'MainThread', 'Fatal exception: x')}\n${trace}${error}`)?.text ?? ''
  expect(of(`ValueError: ${'x'.repeat(5_000)}`).length).toBeLessThan(320)
  expect(of('ValueError: a\u001B[31mb')).not.toContain('\u001B')
  expect(of('OSError: https://me:ghp_abcdefghijkl@host/x')).toBe('OSError: https://********@host/x')
  expect(of('E: Authorization: Bearer abcdef123456')).toBe('E: Authorization: Bearer ********')
  expect(of("E: {'password': 'hunter2', 'n': 1}")).toBe("E: {'password': '********', 'n': 1}")
})
