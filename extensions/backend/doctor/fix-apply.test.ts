// Changes to several files in a temporary home: all or none, exactly as planned, and undone byte for byte.
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ConfigChange } from '../clients/configs/config-change.ts'
import { readUserFile } from '../os/files/user-file.ts'
import { type ChangeSet, createChangeRecord } from './change-record.ts'
import { loadConfigTools } from './config-tools.ts'
import { createFileChanges, type FileChanges } from './fix-apply.ts'
import { type PlannedFile, planFile } from './planned-file.ts'

let root = ''
let changes: FileChanges
beforeEach(() => {
  root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'deck-fix-')))
  changes = createFileChanges({ stateFolder: state(), tools: loadConfigTools })
})
afterEach(() => fs.rmSync(root, { recursive: true }))

const state = (): string => join(root, 'state')
const at = (...parts: string[]): string => join(root, 'home', ...parts)
const read = (file: string): string => fs.readFileSync(file, 'utf8')
const isAny = (): boolean => true

function write(file: string, text: string): string {
  fs.mkdirSync(dirname(file), { recursive: true })
  fs.writeFileSync(file, text)
  return file
}

const TEXT = '{\n  "theme": "dark",\n  "mcpServers": {\n    "serena": { "command": "serena" }\n  }\n}\n'
const FIX: readonly ConfigChange[] = [
  { kind: 'set', path: ['mcpServers', 'serena', 'command'], value: '/opt/serena' },
]

const plan = async (file: string, fix = FIX): Promise<PlannedFile> =>
  planFile({ file, format: 'json' }, readUserFile(file), fix, await loadConfigTools())
const applyTo = async (...files: string[]): Promise<void> => {
  await changes.apply(await Promise.all(files.map((file) => plan(file))), 'doctor')
}

test('writes all files, keeps a private copy of each, and undoes them byte for byte', async () => {
  const files = [write(at('a.json'), TEXT), write(at('.cursor', 'mcp.json'), TEXT)]
  const { files: written } = await changes.apply(await Promise.all(files.map((file) => plan(file))), 'doctor')
  for (const { file, backup } of written) {
    expect(read(file)).toBe(TEXT.replace('"serena" }', '"/opt/serena" }'))
    expect(read(backup ?? '')).toBe(TEXT)
    expect(fs.statSync(backup ?? '').mode & 0o777).toBe(0o600)
  }
  const { restored, refused } = await changes.undo(isAny)
  expect([restored.toSorted(), refused]).toEqual([files.toSorted(), []])
  expect(files.map(read)).toEqual([TEXT, TEXT])
  expect(changes.sets()).toEqual([])
})

test('keeps mode, byte order mark, line ends, and a link', async () => {
  const text = `\uFEFF${TEXT.replaceAll('\n', '\r\n')}`
  const real = write(at('dotfiles', 'claude.json'), text)
  fs.chmodSync(real, 0o664)
  const file = at('.claude.json')
  fs.symlinkSync(real, file)
  const mask = process.umask(0o077)
  try {
    await applyTo(file)
  } finally {
    process.umask(mask)
  }
  expect(fs.readlinkSync(file)).toBe(real)
  expect(read(real)).toBe(text.replace('"serena" }', '"/opt/serena" }'))
  expect(fs.statSync(real).mode & 0o777).toBe(0o664)
  await changes.undo(isAny)
  expect([fs.readlinkSync(file), read(real), fs.statSync(real).mode & 0o777]).toEqual([real, text, 0o664])
})

describe('a new file', () => {
  const add: ConfigChange[] = [{ kind: 'set', path: ['mcpServers', 'serena'], value: { command: 'serena' } }]

  test('is removed by the undo, with the folders that were made for it', async () => {
    const file = at('.junie', 'mcp', 'mcp.json')
    fs.mkdirSync(at())
    await changes.apply([await plan(file, add)], 'setup')
    expect(JSON.parse(read(file))).toEqual({ mcpServers: { serena: { command: 'serena' } } })
    expect(fs.statSync(file).mode & 0o777).toBe(0o600)
    await changes.undo(isAny)
    expect(fs.readdirSync(at())).toEqual([])
  })

  test('that its client has saved since keeps all but what was added', async () => {
    const file = at('.claude.json')
    fs.mkdirSync(at())
    await changes.apply([await plan(file, add)], 'setup')
    const saved = { startups: 3, mcpServers: { serena: { command: 'serena' }, other: { command: 'x' } } }
    fs.writeFileSync(file, JSON.stringify(saved, null, 2))
    expect(await changes.undo(isAny)).toEqual({ restored: [file], refused: [] })
    expect(JSON.parse(read(file))).toEqual({ startups: 3, mcpServers: { other: { command: 'x' } } })
  })
})

describe('a file that was edited since', () => {
  test('keeps the edits of others', async () => {
    const file = write(at('a.json'), TEXT)
    await applyTo(file)
    fs.writeFileSync(file, read(file).replace('dark', 'light'))
    await changes.undo(isAny)
    expect(read(file)).toBe(TEXT.replace('dark', 'light'))
  })

  test('is not restored if the edit is on the changed values; the others are restored', async () => {
    const [first, second] = [write(at('a.json'), TEXT), write(at('b.json'), TEXT)]
    await applyTo(first, second)
    const edited = read(first).replace('/opt/serena', '/usr/bin/serena')
    fs.writeFileSync(first, edited)
    const { restored, refused } = await changes.undo(isAny)
    expect(restored).toEqual([second])
    expect(refused).toMatchObject([
      { file: first, why: 'The values that Serena Deck wrote have been changed since.' },
    ])
    expect(read(refused[0]?.backup ?? '')).toBe(TEXT)
    expect(read(first)).toBe(edited)
    // It can be tried again.
    fs.writeFileSync(first, edited.replace('/usr/bin/serena', '/opt/serena'))
    expect((await changes.undo(isAny)).restored).toEqual([first])
    expect(read(first)).toBe(TEXT)
  })
})

describe('writes nothing', () => {
  test('if one of the files has changed since it was planned', async () => {
    const [first, second] = [write(at('a.json'), TEXT), write(at('b.json'), TEXT)]
    const planned = [await plan(first), await plan(second)]
    fs.writeFileSync(second, `${TEXT} `)
    await expect(changes.apply(planned, 'doctor')).rejects.toMatchObject({ code: 'changed-meanwhile' })
    expect([read(first), read(second), changes.sets()]).toEqual([TEXT, `${TEXT} `, []])
  })

  test('if a new file exists meanwhile', async () => {
    const planned = await plan(at('a.json'), [{ kind: 'set', path: ['x'], value: 1 }])
    write(at('a.json'), '{}')
    await expect(changes.apply([planned], 'doctor')).rejects.toMatchObject({ code: 'changed-meanwhile' })
    expect(read(at('a.json'))).toBe('{}')
  })

  test.each<[string, (file: string) => void, RegExp]>([
    ['is read-only', (file) => fs.chmodSync(file, 0o444), /read-only/],
    ['has hard links', (file) => fs.linkSync(file, `${file}.2`), /hard links/],
    ['is not UTF-8', (file) => fs.writeFileSync(file, Buffer.from([0x7b, 0xff, 0x7d])), /not valid UTF-8/],
    [
      'is a FIFO link',
      (file) => {
        fs.rmSync(file)
        fs.symlinkSync('/dev/null', file)
      },
      /not a regular file/,
    ],
    [
      'leads nowhere',
      (file) => {
        fs.rmSync(file)
        fs.symlinkSync(at('nowhere'), file)
      },
      /does not exist/,
    ],
    ['is broken', (file) => fs.writeFileSync(file, '{"a": '), /by hand/],
  ])('to a file that %s', async (_, spoil, why) => {
    const [good, bad] = [write(at('a.json'), TEXT), write(at('b.json'), TEXT)]
    spoil(bad)
    const planned = [await plan(good), await plan(bad)]
    expect(planned[1]?.problem).toMatch(why)
    await expect(changes.apply(planned, 'doctor')).rejects.toMatchObject({ code: 'bad-input' })
    expect(read(good)).toBe(TEXT)
  })

  test('into a folder that all users can write to', async () => {
    const file = write(at('open', 'a.json'), TEXT)
    fs.chmodSync(dirname(file), 0o777)
    await expect(applyTo(file)).rejects.toMatchObject({ code: 'folder-unsafe' })
    expect(read(file)).toBe(TEXT)
  })

  test('if the last of the files cannot be written', async () => {
    const [first, second] = [write(at('a.json'), TEXT), write(at('deep', 'b.json'), TEXT)]
    const planned = [await plan(first), await plan(second)]
    // A name of 255 bytes leaves no room for that of the new content.
    const long = `${'b'.repeat(250)}.json`
    fs.renameSync(second, at('deep', long))
    const last = await plan(at('deep', long))
    await expect(changes.apply([planned[0] as PlannedFile, last], 'doctor')).rejects.toMatchObject({
      code: 'not-written',
    })
    expect([read(first), read(at('deep', long)), changes.sets()]).toEqual([TEXT, TEXT, []])
  })
})

describe('a change that was interrupted', () => {
  /** The record and the files as they are when the program is killed after the first of two files. */
  async function interrupt(): Promise<[string, string]> {
    const files: [string, string] = [write(at('a.json'), TEXT), write(at('b.json'), TEXT)]
    await applyTo(...files)
    fs.writeFileSync(files[1], TEXT)
    const record = createChangeRecord(state())
    const [set] = record.read()
    record.put({ ...(set as ChangeSet), state: 'applying' })
    write(at('.b.json.2147483646.0123456789ab.part'), 'half')
    return files
  }

  test('is undone by the next run', async () => {
    const files = await interrupt()
    expect((await changes.recover()).restored.toSorted()).toEqual(files)
    expect(files.map(read)).toEqual([TEXT, TEXT])
    expect(fs.readdirSync(at())).toEqual(['a.json', 'b.json'])
    expect(changes.sets()).toEqual([])
  })

  test('is undone before the next change', async () => {
    const files = await interrupt()
    const other = write(at('c.json'), TEXT)
    await applyTo(other)
    expect(files.map(read)).toEqual([TEXT, TEXT])
    expect(changes.sets().map((set) => set.files.map(({ file }) => file))).toEqual([[other]])
  })

  test('is completed if it was an undo', async () => {
    const file = write(at('a.json'), TEXT)
    await applyTo(file)
    const record = createChangeRecord(state())
    record.put({ ...(record.read()[0] as ChangeSet), state: 'undoing' })
    await changes.recover()
    expect([read(file), changes.sets()]).toEqual([TEXT, []])
  })
})

test('two writers change files one after the other', async () => {
  const files = [write(at('a.json'), TEXT), write(at('b.json'), TEXT)]
  const other = createFileChanges({ stateFolder: state(), tools: loadConfigTools })
  const planned = await Promise.all(files.map((file) => plan(file)))
  await Promise.all(planned.map((one, index) => (index === 0 ? changes : other).apply([one], 'doctor')))
  expect(changes.sets()).toHaveLength(2)
  await changes.undo(isAny)
  expect(files.map(read)).toEqual([TEXT, TEXT])
})
