// Concurrent writers of registry entries: killed, stopped, on a full disk, and Python together with Node.
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ownEntrySchema } from '#contract/registry'
import { makeEntry } from '../../extensions/backend/registry/own-entry.ts'
import { createEntryWriter } from '../../extensions/backend/registry/write-entry.ts'
import { cliProgram } from '../helpers/backend.ts'
import { startEntryWriter, startPythonWriter } from '../helpers/entry-writer.ts'
import { signalProcess } from '../helpers/processes.ts'
import { hasSerena } from '../helpers/serena.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()
const isLinux = process.platform === 'linux'
const IDENTITY = 'test:500:123'
const writer = createEntryWriter({ hasExited: () => Promise.resolve(false) })

/** A home with one entry; resolves to both. */
async function homeWithEntry(): Promise<{ home: string; file: string }> {
  const home = await makeTempFolder(scope, 'home')
  const process500 = { pid: 500, identity: IDENTITY, startedAtMs: 1 }
  const entry = makeEntry(
    process500,
    { project: { name: 'first', path: null } },
    { pidNamespace: null, nowMs: 1 },
  )
  return { home, file: await writer.put(home, entry) }
}

const readEntry = (file: string) => ownEntrySchema.parse(JSON.parse(readFileSync(file, 'utf8')))
const updatesIn = (file: string): unknown => readEntry(file)['updates']
const leftIn = (home: string): string[] => readdirSync(join(home, 'instances.d')).sort()

describe('concurrent writers', () => {
  test('six processes change one entry 300 times without losing an update', async () => {
    const { home, file } = await homeWithEntry()
    const writers = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) =>
      startEntryWriter(scope, ['update', file, key, '50']),
    )
    for (const one of writers) await one.said(({ done }) => done === 50, 50_000)
    expect(updatesIn(file)).toEqual({ a: 50, b: 50, c: 50, d: 50, e: 50, f: 50 })
    expect(leftIn(home)).toEqual(['500-123.json'])
  })

  test.skipIf(!isLinux || !hasSerena())(
    'two Node and two Python programs make 600 updates without losing one',
    async () => {
      const { home, file } = await homeWithEntry()
      const began = performance.now()
      const writers = [
        ...['n1', 'n2'].map((key) => startEntryWriter(scope, ['update', file, key, '150'])),
        ...['p1', 'p2'].map((key) => startPythonWriter(scope, ['update', file, key, '150'])),
        startPythonWriter(scope, ['own', join(home, 'instances.d'), 'beside', '150']),
      ]
      for (const one of writers) await one.said(({ done }) => done === 150, 50_000)
      console.log(`600 updates by four writers took ${Math.round(performance.now() - began)} ms`)
      expect(updatesIn(file)).toEqual({ n1: 150, n2: 150, p1: 150, p2: 150 })
      expect(leftIn(home)).toHaveLength(2)
    },
  )
})

describe('a lock whose holder', () => {
  test('was killed is taken over', async () => {
    const { file } = await homeWithEntry()
    const holder = startEntryWriter(scope, ['hold', file])
    await holder.said(({ holds }) => holds === true)
    signalProcess(holder.mark, 'SIGKILL')
    await holder.close()
    const next = startEntryWriter(scope, ['update', file, 'next', '1'])
    await next.said(({ done }) => done === 1)
    expect(updatesIn(file)).toEqual({ next: 1 })
  })

  test('is stopped is waited for and reported; the holder finishes its change after it continues', async () => {
    const { file } = await homeWithEntry()
    const holder = startEntryWriter(scope, ['hold', file])
    await holder.said(({ holds }) => holds === true)
    signalProcess(holder.mark, 'SIGSTOP')
    await expect(writer.change(file, IDENTITY, (one) => one)).rejects.toMatchObject({
      code: 'file-locked',
      data: { holder: `process ${holder.mark.pid}`, lock: `${file}.lock` },
    })
    expect(updatesIn(file)).toBeUndefined()
    signalProcess(holder.mark, 'SIGCONT')
    await holder.said(({ done }) => done === 1)
    await writer.change(file, IDENTITY, (one) => ({ ...one, after: true }))
    expect(readEntry(file)).toMatchObject({ updates: { holder: 1 }, after: true })
    expect(leftIn(dirname(dirname(file)))).toEqual(['500-123.json'])
  })
})

test('leaves a complete file when killed during a save, and removes temporary files', async () => {
  const { home, file } = await homeWithEntry()
  const rounds = Array.from({ length: 4 }, async (_, lane) => {
    for (let round = 0; round < 3; round++) {
      const one = startEntryWriter(scope, ['put', home])
      // The write after that one has begun.
      await one.said(({ done }) => done === 1 + lane + 5 * round)
      signalProcess(one.mark, 'SIGKILL')
      await one.close()
      expect(readEntry(file).project?.name).toMatch(/^(first|(.)\2{8999})$/)
    }
  })
  await Promise.all(rounds)
  const last = startEntryWriter(scope, ['once', home, '5'])
  await last.said((message) => message['file'] === file)
  expect(readEntry(file).project?.name).toBe('zzzzz')
  expect(leftIn(home)).toEqual(['500-123.json'])
})

describe.skipIf(!isLinux)('limited disks and users', () => {
  /** A user other than root, if the test runs as root and others can read the checkout. */
  const asOtherUser = ((): string[] => {
    const words = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']
    const canRead = spawnSync(words[0] ?? '', [...words.slice(1), 'test', '-r', cliProgram]).status === 0
    return process.getuid?.() === 0 && canRead ? words : []
  })()

  test.skipIf(asOtherUser.length === 0)(
    'an unprivileged user writes private files in its own home, and none in another home',
    async () => {
      const home = await makeTempFolder(scope, 'unprivileged')
      chmodSync(home, 0o755)
      const before = startEntryWriter(scope, ['once', home, '3'], asOtherUser)
      expect(await before.said(() => true)).toMatchObject({ code: 'folder-unsafe' })
      chownSync(home, 65_534, 65_534)
      const own = startEntryWriter(
        scope,
        ['once', home, '3'],
        ['sh', '-c', 'umask 000; exec "$@"', 'sh', ...asOtherUser],
      )
      const { file } = await own.said(() => true)
      const folder = statSync(join(home, 'instances.d'))
      const entry = statSync(String(file))
      expect([folder.mode & 0o777, folder.uid, entry.mode & 0o777, entry.uid]).toEqual([
        0o700, 65_534, 0o600, 65_534,
      ])
    },
  )

  test('keeps the old file at a file size limit, and reports the limit', async () => {
    const { home, file } = await homeWithEntry()
    const before = readFileSync(file, 'utf8')
    const one = startEntryWriter(scope, ['once', home, '20000'], ['prlimit', '--fsize=4096'])
    expect(await one.said(() => true)).toEqual({
      code: 'not-written',
      message: `Cannot write ${file}: the file size limit is reached.`,
    })
    expect(readFileSync(file, 'utf8')).toBe(before)
    expect(leftIn(home)).toEqual(['500-123.json'])
  })

  test('keeps the old file on a full disk', async () => {
    const mount = join(await makeTempFolder(scope, 'disk'), 'full')
    chmodSync(dirname(mount), 0o711)
    mkdirSync(mount)
    // In its own mount namespace: creates a small disk with an entry, fills it, writes to it, and lists it.
    const node = `"${process.execPath}" --import tsx test/fixtures/programs/entry-writer.mjs once "${mount}/home"`
    const script = [
      `mount -t tmpfs -o size=64k deck "${mount}" && mkdir -m 700 "${mount}/home"`,
      `${node} 3`,
      `dd if=/dev/zero of="${mount}/filler" bs=4k 2>/dev/null`,
      `${node} 30000`,
      `cd "${mount}/home/instances.d" && for name in $(ls -A); do echo "{\\"left\\":\\"$name\\",\\"bytes\\":$(stat -c %s "$name")}"; done`,
    ].join('; ')
    const one = startEntryWriter(scope, [], [...asOtherUser, 'unshare', '-Urm', 'sh', '-c', script, 'sh'])
    await one.said(({ file }) => String(file).endsWith('500-123.json'))
    expect(await one.said(({ code }) => code !== undefined)).toMatchObject({
      code: 'not-written',
      message: expect.stringContaining('the disk is full') as string,
    })
    const left = await one.said(({ left: name }) => name !== undefined)
    expect(left).toMatchObject({ left: '500-123.json' })
    expect(Number(left['bytes'])).toBeGreaterThan(100)
    await one.close()
  })
})
