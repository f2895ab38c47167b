// Registry files on Windows: two writers at once, a reader that holds a file open, and a lock whose holder was killed.
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownEntrySchema } from '#contract/registry'
import { makeEntry } from '../../extensions/backend/registry/own-entry.ts'
import { createEntryWriter } from '../../extensions/backend/registry/write-entry.ts'
import { startEntryWriter } from '../helpers/entry-writer.ts'
import { signalProcess } from '../helpers/processes.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()
const IDENTITY = 'test:500:123'
const writer = createEntryWriter({ hasExited: () => Promise.resolve(false) })

async function homeWithEntry(name: string): Promise<{ home: string; file: string }> {
  const home = await makeTempFolder(scope, name)
  const started = { pid: 500, identity: IDENTITY, startedAtMs: 1 }
  const entry = makeEntry(
    started,
    { project: { name: 'first', path: null } },
    { pidNamespace: null, nowMs: 1 },
  )
  return { home, file: await writer.put(home, entry) }
}
const updatesIn = (file: string): unknown =>
  ownEntrySchema.parse(JSON.parse(readFileSync(file, 'utf8')))['updates']

test('two writers change one entry without losing an update, while readers hold it open', async () => {
  const { home, file } = await homeWithEntry('home mit Ä')
  const writers = ['a', 'b'].map((key) => startEntryWriter(scope, ['update', file, key, '20']))
  const reading = setInterval(() => closeSync(openSync(file, 'r')), 1)
  try {
    for (const one of writers) await one.said(({ done }) => done === 20, 50_000)
  } finally {
    clearInterval(reading)
  }
  expect(updatesIn(file)).toEqual({ a: 20, b: 20 })
  expect(readdirSync(join(home, 'instances.d'))).toEqual(['500-123.json'])
})

test('the lock of a killed writer is broken by the next one', async () => {
  const { file } = await homeWithEntry('home')
  const killed = startEntryWriter(scope, ['update', file, 'k', '1000000'])
  await killed.said(({ ready }) => ready === true)
  signalProcess(killed.mark, 'SIGKILL')
  await killed.close()
  const next = startEntryWriter(scope, ['update', file, 'n', '3'])
  await next.said(({ done }) => done === 3, 30_000)
  expect(updatesIn(file)).toMatchObject({ n: 3 })
})
