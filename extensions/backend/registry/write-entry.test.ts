// Writes of our entries: atomic, private, not through planted files. Rows N23, N24, N26, N27, F13, F14 of docs/dev/threats.md.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
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
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { entryFileName, makeEntry } from './own-entry.ts'
import { createRegistryReader } from './read-registry.ts'
import { createEntryWriter } from './write-entry.ts'

const process500 = { pid: 500, identity: 'boot:500:123', startedAtMs: 1_795_420_800_000 }
const entry = makeEntry(
  process500,
  { port: 24282, project: { name: 'shop', path: '/shop' } },
  { pidNamespace: 'pid:[1]', nowMs: 1_795_420_801_000 },
)
const NAME = '500-123.json'
const writer = createEntryWriter({ hasExited: () => Promise.resolve(false) })

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'deck-entry-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))
const folder = () => join(home, 'instances.d')
const file = () => join(folder(), NAME)
const mode = (path: string) => statSync(path).mode & 0o777

describe('an entry', () => {
  it('is written, read, changed with unknown keys kept, and removed', async () => {
    expect(await writer.put(home, entry)).toBe(file())
    writeFileSync(file(), JSON.stringify({ ...entry, of_another: [1] }))
    const changed = await writer.change(file(), process500.identity, (one) => ({ ...one, context: 'agent' }))
    expect(changed).toMatchObject({ context: 'agent', of_another: [1], project: { name: 'shop' } })
    const { entries, problems } = await createRegistryReader().read([home])
    expect([entries.length, entries[0]?.context, problems]).toEqual([1, 'agent', []])
    await writer.remove(file(), process500.identity)
    expect(readdirSync(folder())).toEqual([])
  })

  it('is named by pid and start', () => {
    expect(entryFileName(process500)).toBe(NAME)
    expect(entryFileName({ pid: 7, identity: '7:1795420800000.5/../x' })).toBe('7-1795420800000.5_.._x.json')
  })

  it.each([
    ['removed', (writing: typeof writer) => writing.remove(file(), 'boot:500:999')],
    ['changed', (writing: typeof writer) => writing.change(file(), 'boot:500:999', (one) => one)],
  ])('is not %s if it is of another process', async (_, act) => {
    await writer.put(home, entry)
    await expect(act(writer)).rejects.toMatchObject({ code: 'entry-not-found' })
    expect(existsSync(file())).toBe(true)
  })

  it('is not found if it does not exist, and no folder is made', async () => {
    await expect(writer.remove(file(), 'x')).rejects.toMatchObject({ code: 'entry-not-found' })
    expect(readdirSync(home)).toEqual([])
  })
})

describe('existing files and folders', () => {
  it.each([0o000, 0o002, 0o022])('is private under umask %o', async (mask) => {
    const before = process.umask(mask)
    try {
      await writer.put(home, entry)
    } finally {
      process.umask(before)
    }
    expect([mode(folder()), mode(file())]).toEqual([0o700, 0o600])
  })

  it('replaces a loose file and tightens a loose folder', async () => {
    mkdirSync(folder())
    writeFileSync(file(), JSON.stringify(entry))
    chmodSync(file(), 0o666)
    chmodSync(folder(), 0o777)
    await writer.put(home, entry)
    expect([mode(folder()), mode(file())]).toEqual([0o700, 0o600])
  })

  it('writes nothing into a world-writable home', async () => {
    chmodSync(home, 0o777)
    await expect(writer.put(home, entry)).rejects.toMatchObject({ code: 'folder-unsafe' })
    expect(readdirSync(home)).toEqual([])
  })

  it.each(['770', '775'])('writes into a home of mode %s, as a umask of 002 makes it', async (octal) => {
    const loose = Number.parseInt(octal, 8)
    chmodSync(home, loose)
    await writer.put(home, entry)
    expect([mode(home), mode(folder()), mode(file())]).toEqual([loose, 0o700, 0o600])
  })

  it.runIf(process.getuid?.() === 0)("writes nothing into another user's home or folder", async () => {
    mkdirSync(folder())
    chownSync(folder(), 65534, 65534)
    await expect(writer.put(home, entry)).rejects.toMatchObject({ code: 'folder-unsafe' })
    chownSync(home, 65534, 65534)
    await expect(writer.put(home, entry)).rejects.toMatchObject({ code: 'folder-unsafe' })
    expect(readdirSync(folder())).toEqual([])
  })

  it('does not follow a link: folder, entry, lock', async () => {
    const victim = join(home, 'victim')
    writeFileSync(victim, 'precious')
    symlinkSync(home, folder())
    await expect(writer.put(home, entry)).rejects.toMatchObject({ code: 'folder-unsafe' })
    rmSync(folder())
    mkdirSync(folder(), { mode: 0o700 })
    symlinkSync(victim, file())
    await expect(writer.change(file(), process500.identity, (one) => one)).rejects.toMatchObject({
      code: 'entry-not-found',
    })
    await writer.put(home, entry)
    expect(lstatSync(file()).isSymbolicLink()).toBe(false)
    symlinkSync(join(home, 'nowhere'), `${file()}.lock`)
    await expect(writer.put(home, entry)).rejects.toMatchObject({ code: 'file-locked' })
    expect(readFileSync(victim, 'utf8')).toBe('precious')
    expect(existsSync(join(home, 'nowhere'))).toBe(false)
  })

  it('does not wait for a FIFO, and does not replace a folder', async () => {
    mkdirSync(folder(), { mode: 0o700 })
    execFileSync('mkfifo', [file()])
    await writer.put(home, entry)
    expect(lstatSync(file()).isFile()).toBe(true)
    rmSync(file())
    mkdirSync(file())
    await expect(writer.put(home, entry)).rejects.toMatchObject({ code: 'not-written' })
    expect(readdirSync(folder())).toEqual([NAME])
  })

  it.each(['', '{"schema":1,"pi', '\0\0\0', '[]', '{"schema":1,"pid":"500"}'])(
    'quarantines a broken file (%j) once',
    async (text) => {
      mkdirSync(folder(), { mode: 0o700 })
      for (const broken of [text, 'broken again']) {
        writeFileSync(file(), broken)
        await writer.put(home, entry)
      }
      expect(readdirSync(folder()).sort()).toEqual([`.${NAME}.broken`, NAME])
      expect(readFileSync(join(folder(), `.${NAME}.broken`), 'utf8')).toBe(text)
    },
  )

  it('does not write a file of a newer version', async () => {
    mkdirSync(folder(), { mode: 0o700 })
    const future = JSON.stringify({ schema: 99, pid: 500, identity: process500.identity })
    writeFileSync(file(), future)
    await expect(writer.put(home, entry)).rejects.toThrowError(/newer version/)
    await expect(writer.change(file(), process500.identity, (one) => one)).rejects.toThrowError(/newer/)
    await expect(writer.remove(file(), process500.identity)).rejects.toThrowError(/newer/)
    expect(readFileSync(file(), 'utf8')).toBe(future)
    const { problems } = await createRegistryReader().read([home])
    expect(problems[0]?.text).toContain('newer version of Serena Deck')
  })
})
