// A tool that does not return: flagged as stuck after five minutes, and not ended.
import { expect, test } from 'vitest'
import { startBackend } from '../helpers/backend.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeSerenaHome } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

test('flags an execution of more than five minutes as stuck, and no other instance', async () => {
  const serenaHome = await makeSerenaHome(scope)
  const backend = await startBackend(scope, { homes: [serenaHome] })
  const options = {
    project: { name: 'shop', path: '/srv/shop' },
    runningTask: 'Task-7:ExecuteShellCommandTool',
  }
  const stuck = await startTestStandIn(scope, { serenaHome, options })
  const other = await startTestStandIn(scope, {
    serenaHome,
    options: { project: { name: 'b', path: '/srv/b' } },
  })
  const begin = Date.now()
  const flagged = await waitUntil(
    'the flag stuck',
    async () => {
      const { instances } = await backend.call('instances')
      return instances.find(({ pid, flags }) => pid === stuck.pid && flags.includes('stuck'))
    },
    { timeoutMs: 420_000, everyMs: 1_000 },
  )
  console.log(`stuck after ${Math.round((Date.now() - begin) / 1000)} s`)
  expect(Date.now() - begin).toBeGreaterThan(290_000)
  expect(flagged).toMatchObject({ state: 'live', colour: 'green', flags: ['stuck'] })
  expect(flagged.flagNotes?.[0]?.text).toMatch(/^ExecuteShellCommandTool has been running since \d\d:\d\d\.$/)
  const { instances } = await backend.call('instances')
  expect(instances.find(({ pid }) => pid === other.pid)?.flags).toEqual([])
}, 480_000)
