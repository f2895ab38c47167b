import { describe, expect, it } from 'vitest'
import { batchWord, windowsStart } from './batch-command.ts'

const ENV = { SystemRoot: 'C:\\Windows' }
const BATCH_FILE = 'C:\\bin\\serena.cmd'

describe('windowsStart', () => {
  it('starts a program as it is, found or not', () => {
    for (const file of ['C:\\bin\\uvx.exe', 'nowhere'])
      expect(windowsStart([file, 'a b'], ENV)).toEqual({ file, args: ['a b'], isVerbatim: false })
  })

  it('starts a batch file through cmd.exe, without AutoRun and delayed expansion', () => {
    expect(windowsStart([BATCH_FILE, 'start-mcp-server', 'a b'], ENV)).toEqual({
      file: 'C:\\Windows\\System32\\cmd.exe',
      args: ['/e:ON', '/v:OFF', '/d', '/s', '/c', '""C:\\bin\\serena.cmd" start-mcp-server "a b""'],
      isVerbatim: true,
    })
    const other = windowsStart([BATCH_FILE], { ...ENV, ComSpec: 'D:\\cmd.exe' })
    expect(other?.file).toBe('D:\\cmd.exe')
  })

  it('refuses a line break, which ends the command', () => {
    for (const odd of ['a\nb', 'a\rb']) expect(windowsStart([BATCH_FILE, odd], ENV)).toBeNull()
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
