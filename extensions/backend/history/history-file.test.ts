// The history's file: private, bounded, appended by several programs at once, never written through what others planted.
import { execFile, execFileSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHistoryFile, type HistoryFile } from './history-file.ts'

const run = promisify(execFile)
let folder = ''
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'history-')), 'state')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

const open = (maxBytes?: number): HistoryFile =>
  createHistoryFile({ folder, hasExited: () => Promise.resolve(false), ...(maxBytes && { maxBytes }) })
const path = (): string => join(folder, 'history.jsonl')
const linesOf = (file: HistoryFile): string[] => file.read().lines.filter((line) => line !== '')
const isPosix = process.platform !== 'win32'

it('creates no file before the first line', () => {
  expect(open().read().lines).toEqual([])
  expect(() => readdirSync(folder)).toThrow()
})

it('appends, and begins a new line after a torn one', async () => {
  const file = open()
  await file.append('{"a":1}\n')
  appendFileSync(path(), '{"torn')
  await file.append('{"b":2}\n{"c":3}\n')
  expect(linesOf(file)).toEqual(['{"a":1}', '{"torn', '{"b":2}', '{"c":3}'])
})

it('reads what was appended since a position, a half-written line again as a whole', async () => {
  const file = open()
  await file.append('{"a":"ä"}\n')
  const first = file.read()
  expect(file.read(first.position)).toEqual({ ...first, lines: [''], isTail: true })
  appendFileSync(path(), '{"b":"ö')
  const second = file.read(first.position)
  expect(second).toMatchObject({ lines: ['{"b":"ö'], isTail: true })
  appendFileSync(path(), '"}\n')
  expect(file.read(second.position)).toMatchObject({ lines: ['{"b":"ö"}', ''], isTail: true })
})

it('reads everything again after a rotation, and when there was no file before', async () => {
  const file = open(40)
  const { position } = file.read()
  await file.append('{"line":1,"padding":"………"}\n')
  const first = file.read(position)
  expect([first.isTail, first.lines.length]).toEqual([false, 2])
  await file.append('{"line":2}\n')
  const second = file.read(first.position)
  expect([second.isTail, second.lines.filter((line) => line !== '').length]).toEqual([false, 2])
})

it.runIf(isPosix)('is made private, whatever its mode was', async () => {
  mkdirSync(folder)
  writeFileSync(path(), '')
  chmodSync(path(), 0o666)
  await open().append('x\n')
  expect([statSync(path()).mode & 0o777, statSync(folder).mode & 0o777]).toEqual([0o600, 0o700])
})

it('is bounded to two files, and drops the oldest lines first', async () => {
  const file = open(1000)
  for (let i = 0; i < 300; i++) await file.append(`{"line":${i}}\n`)
  const lines = linesOf(file)
  expect(readdirSync(folder).sort()).toEqual(['history.jsonl', 'history.old.jsonl'])
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(1000)
  expect(lines.at(-1)).toBe('{"line":299}')
  expect(lines.length).toBeGreaterThan(60)
  const numbers = lines.map((line) => Number(/\d+/.exec(line)?.[0]))
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
})

describe.runIf(isPosix)('never writes through a planted file', () => {
  it.each<[string, () => void]>([
    ['a link', () => symlinkSync(join(folder, 'victim'), path())],
    ['a dangling link', () => symlinkSync(join(folder, 'missing'), path())],
    ['a FIFO', () => void execFileSync('mkfifo', [path()])],
    ['a folder', () => mkdirSync(path())],
  ])('%s', async (_, plant) => {
    mkdirSync(folder)
    writeFileSync(join(folder, 'victim'), 'mine')
    plant()
    await expect(open().append('x\n')).rejects.toMatchObject({ code: 'not-written' })
    expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('mine')
    expect(open().read().lines.join('')).toBe('')
    expect(() => readFileSync(join(folder, 'missing'))).toThrow()
  })

  it.runIf(process.getuid?.() === 0)('a file of another user', async () => {
    mkdirSync(folder)
    writeFileSync(path(), '')
    chownSync(path(), 65_534, 65_534)
    await expect(open().append('x\n')).rejects.toMatchObject({ code: 'not-written' })
    expect(readFileSync(path(), 'utf8')).toBe('')
  })

  it('a link in place of the folder', async () => {
    mkdirSync(join(folder, '..', 'elsewhere'))
    symlinkSync(join(folder, '..', 'elsewhere'), folder)
    await expect(open().append('x\n')).rejects.toMatchObject({ code: 'state-folder-unsafe' })
  })
})

/** A program beside this one: writes that many lines, and prints why it could not. */
async function write(words: readonly string[], by: string, count: number): Promise<string> {
  const program = join(folder, '..', `${by}.mts`)
  const module = JSON.stringify(new URL('./history-file.ts', import.meta.url).href)
  writeFileSync(
    program,
    `const { createHistoryFile } = await import(${module})
const file = createHistoryFile({ folder: process.argv[2], hasExited: () => Promise.resolve(false), maxBytes: 100_000 })
for (let i = 0; i < ${count}; i++) await file.append(JSON.stringify({ by: '${by}', i, text: 'x'.repeat(100) }) + '\\n')
  .catch((error) => console.log(error.code, error.data.issue))\n`,
  )
  const [file = '', ...args] = [...words, process.execPath, '--import', 'tsx', program, folder]
  return (await run(file, args, { cwd: process.cwd() })).stdout
}

it('neither loses nor breaks a line when several programs write at once', { timeout: 60_000 }, async () => {
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => write([], name, 50)))
  const lines = linesOf(open(100_000)).map((line) => JSON.parse(line) as { by: string; i: number })
  expect(lines).toHaveLength(200)
  for (const name of ['a', 'b', 'c', 'd'])
    expect(lines.filter(({ by }) => by === name).map(({ i }) => i)).toEqual([...Array(50).keys()])
})

it.runIf(process.platform === 'linux')(
  'reports a reached limit, and keeps complete lines intact',
  { timeout: 60_000 },
  async () => {
    const said = await write(['prlimit', '--fsize=500'], 'limited', 5)
    expect(said).toContain('not-written the file size limit is reached')
    await write([], 'later', 2)
    const lines = linesOf(open(100_000))
    const whole = lines.flatMap((line) => {
      try {
        return [(JSON.parse(line) as { by: string }).by]
      } catch {
        // The torn one.
        return []
      }
    })
    expect(whole).toEqual(['limited', 'limited', 'limited', 'later', 'later'])
    expect(lines).toHaveLength(6)
  },
)
