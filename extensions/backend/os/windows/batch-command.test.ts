import { describe, expect, it } from 'vitest'
import { batchWord, windowsStart } from './batch-command.ts'
import { findProgram } from './find-program.ts'

const ENV = {
  Path: 'C:\\bin;"C:\\Program Files\\uv";;',
  PATHEXT: '.COM;.EXE;.BAT;.CMD',
  SystemRoot: 'C:\\Windows',
}
const files =
  (...names: string[]) =>
  (path: string): boolean =>
    names.includes(path)

describe('findProgram', () => {
  it.each([
    [
      'uvx',
      'C:\\Program Files\\uv\\uvx.exe',
      ['C:\\Program Files\\uv\\uvx.exe', 'C:\\Program Files\\uv\\uvx.cmd'],
    ],
    ['serena', 'C:\\bin\\serena.cmd', ['C:\\bin\\serena.cmd', 'C:\\Program Files\\uv\\serena.exe']],
    ['serena.cmd', 'C:\\bin\\serena.cmd', ['C:\\bin\\serena.cmd']],
    ['python3.11', 'C:\\bin\\python3.11.exe', ['C:\\bin\\python3.11.exe']],
    ['D:\\a b\\serena', 'D:\\a b\\serena.bat', ['D:\\a b\\serena.bat', 'C:\\bin\\serena.exe']],
    ['.\\serena', '.\\serena.exe', ['.\\serena.exe']],
    ['serena', null, ['serena.exe', 'D:\\serena.exe']],
    // A file of a Unix shell is no program.
    ['npx', null, ['C:\\bin\\npx']],
  ])('finds %s as %s', (program, found, there) => {
    expect(findProgram(program, ENV, files(...there))).toBe(found)
  })
})

describe('windowsStart', () => {
  it('starts a program as it is, found or not', () => {
    const exe = 'C:\\bin\\uvx.exe'
    expect(windowsStart(['uvx', 'a b'], ENV, files(exe))).toEqual({
      file: exe,
      args: ['a b'],
      isVerbatim: false,
    })
    expect(windowsStart(['nowhere', 'a'], ENV, files())).toEqual({
      file: 'nowhere',
      args: ['a'],
      isVerbatim: false,
    })
  })

  it('starts a batch file through cmd.exe, without AutoRun and delayed expansion', () => {
    expect(windowsStart(['serena', 'start-mcp-server', 'a b'], ENV, files('C:\\bin\\serena.cmd'))).toEqual({
      file: 'C:\\Windows\\System32\\cmd.exe',
      args: ['/e:ON', '/v:OFF', '/d', '/s', '/c', '""C:\\bin\\serena.cmd" start-mcp-server "a b""'],
      isVerbatim: true,
    })
    const other = windowsStart(['serena'], { ...ENV, ComSpec: 'D:\\cmd.exe' }, files('C:\\bin\\serena.cmd'))
    expect(other?.file).toBe('D:\\cmd.exe')
  })

  it('refuses a line break, which ends the command', () => {
    for (const odd of ['a\nb', 'a\rb'])
      expect(windowsStart(['serena', odd], ENV, files('C:\\bin\\serena.cmd'))).toBeNull()
  })
})

describe('batchWord', () => {
  it.each([
    ['start-mcp-server', 'start-mcp-server'],
    ['C:\\a\\b', 'C:\\a\\b'],
    ['ä', 'ä'],
    ['', '""'],
    ['a b', '"a b"'],
    ['a&b|c>d<e^f(g)', '"a&b|c>d<e^f(g)"'],
    ['C:\\a b\\', '"C:\\a b\\\\"'],
    ['C:\\a\\', '"C:\\a\\\\"'],
    ['say "hi" & go', '"say ""hi"" & go"'],
    ['\\"', '"\\\\"""'],
    ['100%PATH%', '"100%%cd:~,%PATH%%cd:~,%"'],
    ['a!b', '"a!b"'],
    ['a=b', '"a=b"'],
  ])('quotes %j as %s', (word, quoted) => {
    expect(batchWord(word)).toBe(quoted)
  })
})
