// How words reach a program on Windows: directly, and through a batch file, as Node starts them and as the command line is read back.
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { childCommand } from '../../extensions/backend/os/child-command.ts'
import { createProcessSource } from '../../extensions/backend/os/platform-source.ts'
import { isWine, makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()
/** Prints its words, and runs until its input ends. */
const SCRIPT = 'console.log(JSON.stringify(process.argv.slice(2)));process.stdin.resume()\n'

const WORDS = [
  'plain',
  'with blanks',
  '',
  'größer 苹果',
  'C:\\a b\\',
  '\\\\server\\share\\',
  "it's",
  'a,b;c=d',
  '*.ts',
]
/** What cmd.exe gives a meaning. */
const SHELL_WORDS = ['a&b', 'x|y', '<in>', '^caret', '(round)', 'bang!']
const QUOTED_WORDS = ['say "hi"', '"', '\\"', 'a "b" & c', 'ends \\']
const PERCENT_WORDS = ['100%', '%PATH%', '%CD%']

interface Seen {
  words: unknown
  /** As the list of processes reads the command line of the Node at the end. */
  listed: readonly string[] | null
}

async function startWith(words: readonly string[], through: 'node.exe' | 'batch file'): Promise<Seen> {
  const folder = join(await makeTempFolder(scope, 'quoting'), 'Ordner & mehr')
  mkdirSync(folder)
  const program = join(folder, 'words.cjs')
  writeFileSync(program, SCRIPT)
  writeFileSync(join(folder, 'tool.cmd'), `@"${process.execPath}" "%~dp0words.cjs" %*\r\n`)
  const env = { ...process.env, PATH: `${folder};${process.env['PATH'] ?? ''}` }
  const { file, args, isVerbatim } = childCommand(
    through === 'node.exe' ? [process.execPath, program, ...words] : ['tool', ...words],
    env,
  )
  const child = spawn(file, args, {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
    windowsHide: true,
    windowsVerbatimArguments: isVerbatim,
  })
  scope.add(() => void child.kill())
  const text = await new Promise<string>((resolve) => {
    let all = ''
    child.stdout.on('data', (bytes: Buffer) => {
      all += bytes.toString('utf8')
      if (all.includes('\n')) resolve(all)
    })
    child.once('exit', () => resolve(all))
  })
  const { byPid } = await createProcessSource().list()
  const node = [...byPid.values()].find(({ argv }) => argv?.[1] === program || argv?.[1]?.startsWith(folder))
  child.stdin.end()
  return { words: JSON.parse(text), listed: node?.argv?.slice(2) ?? null }
}

describe.each(['node.exe', 'batch file'] as const)('through a %s', (through) => {
  test('ordinary words arrive, and are read back', async () => {
    expect(await startWith(WORDS, through)).toEqual({ words: WORDS, listed: WORDS })
  })

  test('signs of the shell arrive as they are', async () => {
    expect(await startWith(SHELL_WORDS, through)).toEqual({ words: SHELL_WORDS, listed: SHELL_WORDS })
  })

  test('quotes and backslashes arrive as they are', async () => {
    expect(await startWith(QUOTED_WORDS, through)).toEqual({ words: QUOTED_WORDS, listed: QUOTED_WORDS })
  })

  test.skipIf(isWine && through === 'batch file')(
    'percent signs name no variable (cmd of Wine has no substrings of variables)',
    async () => {
      expect(await startWith(PERCENT_WORDS, through)).toEqual({ words: PERCENT_WORDS, listed: PERCENT_WORDS })
    },
  )
})
