// Commands as ps prints them, written by hand.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cpuTimeMs } from '../../lib/cpu-time.fixture.ts'
import { splitArguments } from './split-arguments.ts'

it.each([
  ['sleep 600', ['sleep', '600']],
  ['a  b ', ['a', 'b']],
  ['/Applications/Claude.app/Contents/MacOS/Claude', ['/Applications/Claude.app/Contents/MacOS/Claude']],
  [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome --type=x',
    ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '--type=x'],
  ],
  [
    '/Applications/Visual Studio Code.app/Contents/MacOS/Electron /a/b.app/Contents/MacOS/c',
    ['/Applications/Visual Studio Code.app/Contents/MacOS/Electron', '/a/b.app/Contents/MacOS/c'],
  ],
  [
    '/Users/me/Library/Application Support/x/bin/python -m serena start-mcp-server',
    ['/Users/me/Library/Application Support/x/bin/python', '-m', 'serena', 'start-mcp-server'],
  ],
  [
    'serena start-mcp-server --project-from-cwd --project /a b  c --mode=x y -- z',
    ['serena', 'start-mcp-server', '--project-from-cwd', '--project', '/a b c', '--mode=x y', '--', 'z'],
  ],
  ['vim my notes --project /a b', ['vim', 'my', 'notes', '--project', '/a', 'b']],
  ["/bin/sh -lc cd 'a b' && serena x", ['/bin/sh', '-lc', "cd 'a b' && serena x"]],
  ['-zsh', ['-zsh']],
  ['', []],
])('%j', (command, argv) => {
  expect(splitArguments(command)).toEqual(argv)
})

it('loses no letter, and is quick with the longest command', () => {
  const letters = (text: string): string => text.replaceAll(/[ \0]/g, '')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(letters(splitArguments(text).join(''))).toBe(letters(text))
    }),
  )
  for (const piece of ['/a.app/Contents/MacOS/', '/ ', ' a', ' start-mcp-server a']) {
    const startedAt = cpuTimeMs()
    splitArguments(`/${piece.repeat(40_000)}`)
    expect(cpuTimeMs() - startedAt).toBeLessThan(1_000)
  }
})
