// Long tests of registry and push: a minute of writers killed at random, ten thousand requests to the tray port, a thousand files
// with a running backend.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ownEntrySchema } from '#contract/registry'
import { makeEntry } from '../../extensions/backend/registry/own-entry.ts'
import { createEntryWriter } from '../../extensions/backend/registry/write-entry.ts'
import { startBackend } from '../helpers/backend.ts'
import { startEntryWriter, startPythonWriter } from '../helpers/entry-writer.ts'
import { signalProcess } from '../helpers/processes.ts'
import { freePort, hasSerena } from '../helpers/serena.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { pssOfTree } from '../helpers/tree-memory.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const IDENTITY = 'test:500:123'
/** How often each file is read while it is written. */
const READ_EVERY_MS = 5

test.skipIf(process.platform !== 'linux' || !hasSerena())(
  'Node and Python writers killed at random for a minute lose and corrupt nothing',
  async () => {
    const home = await makeTempFolder(scope, 'home')
    const writer = createEntryWriter({ hasExited: () => Promise.resolve(false) })
    const entry = makeEntry(
      { pid: 500, identity: IDENTITY, startedAtMs: 1 },
      {},
      { pidNamespace: null, nowMs: 1 },
    )
    const file = await writer.put(home, entry)
    const folder = join(home, 'instances.d')
    const end = performance.now() + 60_000
    const acknowledged = new Map<string, number>()
    let reads = 0
    let kills = 0

    async function writeFor(side: 'node' | 'python', at: number): Promise<void> {
      for (let round = 0; performance.now() < end; round++) {
        const key = `${side}-${at}-${round}`
        const isOwn = side === 'python' && round % 3 === 2
        const words = [isOwn ? 'own' : 'update', isOwn ? folder : file, key, '100000']
        const program = side === 'node' ? startEntryWriter(scope, words) : startPythonWriter(scope, words)
        let done = 0
        program.child.stdout?.on('data', (chunk: Buffer) => {
          for (const [, count] of chunk.toString('utf8').matchAll(/"done": ?(\d+)/g)) done = Number(count)
        })
        const updates = 1 + Math.floor(Math.random() * 60)
        await program.said(({ done: reported }) => reported === updates, 60_000)
        signalProcess(program.mark, 'SIGKILL')
        kills++
        await program.close()
        if (!isOwn) acknowledged.set(key, done)
      }
    }
    async function readRepeatedly(): Promise<void> {
      for (; performance.now() < end; reads++) {
        for (const name of readdirSync(folder).filter((one) => one.endsWith('.json') && !one.startsWith('.')))
          ownEntrySchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))
        await sleep(READ_EVERY_MS)
      }
    }
    await Promise.all([
      writeFor('node', 1),
      writeFor('node', 2),
      writeFor('python', 1),
      writeFor('python', 2),
      readRepeatedly(),
    ])
    const updates = ownEntrySchema.parse(JSON.parse(readFileSync(file, 'utf8')))['updates'] as Record<
      string,
      number
    >
    let total = 0
    for (const [key, done] of acknowledged) {
      total += done
      // Every acknowledged update is stored; one that was killed midway may be stored without acknowledgment.
      expect([done, done + 1], key).toContain(updates[key] ?? 0)
    }
    console.log(`${total} updates, ${kills} kills, ${reads} reads of every file: nothing lost or corrupted`)
    const last = startEntryWriter(scope, ['update', file, 'last', '1'])
    await last.said(({ done }) => done === 1)
    expect(readdirSync(folder).filter((name) => /\.lock|\.part$/.test(name) && !name.includes('py'))).toEqual(
      [],
    )
  },
)

test('leaves a complete file when killed during 200 saves', async () => {
  const home = await makeTempFolder(scope, 'home')
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let round = 0; round < 50; round++) {
        const one = startEntryWriter(scope, ['put', home])
        await one.said(({ done }) => done === 1 + (round % 25))
        signalProcess(one.mark, 'SIGKILL')
        await one.close()
        const file = join(home, 'instances.d', '500-123.json')
        if (!existsSync(file)) continue
        expect(ownEntrySchema.parse(JSON.parse(readFileSync(file, 'utf8'))).project?.name).toMatch(
          /^(.)\1{8999}$/,
        )
      }
    }),
  )
  const last = startEntryWriter(scope, ['once', home, '5'])
  await last.said((message) => message['file'] !== undefined)
  expect(readdirSync(join(home, 'instances.d'))).toEqual(['500-123.json'])
})

test('ten thousand requests to the tray port and a thousand files crash nothing and leak no memory', async () => {
  const home = await makeTempFolder(scope, 'home')
  const port = await freePort()
  writeFileSync(join(home, 'serena_config.yml'), 'web_dashboard_global: true\n')
  const backend = await startBackend(scope, {
    homes: [home],
    env: { SERENA_DECK_TRAY_PORT: String(port), DISPLAY: '' },
  })
  const standIn = await startTestStandIn(scope, { serenaHome: home })
  await waitUntil('its tab', async () => (await backend.call('sweep')).instances.length === 1)
  await waitUntil('the receiver', () =>
    fetch(`http://127.0.0.1:${port}/health`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  const before = pssOfTree(backend.pid)
  const value = fc.oneof(
    fc.constantFrom(standIn.port(), standIn.pid, process.pid, 24_282, 1, -1, null, 'x'),
    fc.json(),
  )
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc
      .dictionary(fc.constantFrom('port', 'pid', 'project', 'open_viewer'), value)
      .map((one) => JSON.stringify(one)),
  )
  const paths = ['/register', '/update_project', '/unregister', '/health', '/other']
  const requests = fc.sample(fc.tuple(fc.constantFrom(...paths), body, fc.boolean()), 10_000)
  const statuses = new Map<number, number>()
  for (let at = 0; at < requests.length; at += 20) {
    await Promise.all(
      requests.slice(at, at + 20).map(async ([path, text, isJson]) => {
        const { status } = await fetch(`http://127.0.0.1:${port}${path}`, {
          method: path === '/health' ? 'GET' : 'POST',
          ...(path !== '/health' && { body: text }),
          headers: { 'Content-Type': isJson ? 'application/json' : 'text/plain' },
        })
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }),
    )
  }
  const afterPush = pssOfTree(backend.pid)
  mkdirSync(join(home, 'instances.d'), { recursive: true, mode: 0o700 })
  for (const [shared, own] of fc.sample(
    fc.tuple(fc.oneof(fc.json(), fc.string()), fc.oneof(fc.json(), fc.string())),
    1_000,
  )) {
    writeFileSync(join(home, 'instances.json'), shared)
    writeFileSync(join(home, 'instances.d', '9-9.json'), own)
    const { notices } = await backend.call('sweep')
    for (const { text } of notices) expect(text).toMatch(/\.$/)
  }
  const { instances } = await backend.call('sweep')
  expect(instances.find(({ pid }) => pid === standIn.pid)).toMatchObject({ state: 'idle' })
  const after = pssOfTree(backend.pid)
  const megabytes = [before, afterPush, after].map((bytes) => Math.round(bytes / 1e6))
  console.log(`statuses ${JSON.stringify([...statuses])}; memory ${megabytes.join(' -> ')} MB`)
  expect(after - before).toBeLessThan(150e6)
})
