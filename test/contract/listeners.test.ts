// A dashboard is identified by address, port and network namespace: instances with the same port number are never confused.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Instance } from '#contract/instance'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { inOwnNetwork, whyNoIsolation } from '../helpers/other-side.ts'
import { isAlive, markProcess } from '../helpers/processes.ts'
import { freePort, hasSerena, startSerena } from '../helpers/serena.ts'
import { startTestStandIn, type TestStandInStart } from '../helpers/stand-in.ts'
import { makeSerenaHome, makeTempFolder } from '../helpers/temp-home.ts'
import { printVerdictRow } from '../helpers/verdict-rows.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()
const whyNoNetworks = whyNoIsolation()

/** Starts stand-ins in one home, each with its own project, and a backend for that home. */
async function startDeck(
  starts: Readonly<Record<string, Omit<TestStandInStart, 'serenaHome'>>>,
): Promise<{ backend: TestBackend; home: string; pids: Record<string, number> }> {
  const home = await makeTempFolder(scope, 'home')
  const standIns = await Promise.all(
    Object.entries(starts).map(async ([name, { options, ...rest }]) => {
      const path = join(home, name)
      await mkdir(path)
      const project = { name, path }
      const standIn = await startTestStandIn(scope, {
        ...rest,
        serenaHome: home,
        options: { ...options, project },
      })
      return [name, standIn.pid] as const
    }),
  )
  return { home, backend: await startBackend(scope, { homes: [home] }), pids: Object.fromEntries(standIns) }
}

async function instanceOf(backend: TestBackend, pid: number | undefined): Promise<Instance> {
  const { instances } = await backend.call('sweep')
  const found = instances.find((one) => one.pid === pid)
  if (!found) throw new Error(`no instance of process ${pid}`)
  return found
}

const isRunning = (pid: number | undefined): boolean => markProcess(pid ?? 0) !== null

test('two instances with the same port on two addresses: each shows its own project, and ending one does not affect the other', async () => {
  const basePort = await freePort()
  const { backend, pids } = await startDeck({
    plain: { options: { basePort } },
    other: { options: { basePort, address: '127.0.0.2' } },
  })
  const plain = await instanceOf(backend, pids['plain'])
  const other = await instanceOf(backend, pids['other'])
  expect(plain).toMatchObject({ state: 'live', port: basePort, project: { name: 'plain' } })
  expect(plain).not.toHaveProperty('address')
  printVerdictRow({
    situation: 'dashboard on 127.0.0.2, another instance uses the same port on 127.0.0.1',
    isServed: true,
    seen: other,
  })
  expect(other).toMatchObject({
    state: 'live',
    port: basePort,
    address: '127.0.0.2',
    project: { name: 'other' },
  })
  expect(other.verdict.evidence[0]).toContain(`127.0.0.2:${basePort}`)
  expect(other.flags).not.toContain('exposed')

  const receipt = await backend.call('end', { body: { ids: [other.id], scope: 'named' } })
  expect(receipt).toMatchObject({ ended: [{ id: other.id, how: 'shutdown' }], refused: [], survivors: [] })
  expect([isRunning(pids['other']), isRunning(pids['plain'])]).toEqual([false, true])
  expect(await instanceOf(backend, pids['plain'])).toMatchObject({
    state: 'live',
    project: { name: 'plain' },
  })
})

test('a dashboard on ::1 and one on all IPv4 addresses with the same port are each queried at their own address', async () => {
  const basePort = await freePort()
  const { backend, pids } = await startDeck({
    six: { options: { basePort, address: '::1' } },
    wide: { options: { basePort, address: '0.0.0.0' } },
  })
  const six = await instanceOf(backend, pids['six'])
  const wide = await instanceOf(backend, pids['wide'])
  expect(six).toMatchObject({ state: 'live', port: basePort, address: '::1', project: { name: 'six' } })
  expect(wide).toMatchObject({
    state: 'live',
    port: basePort,
    project: { name: 'wide' },
    flags: expect.arrayContaining(['exposed']) as string[],
  })
  expect(wide).not.toHaveProperty('address')
  const receipt = await backend.call('end', { body: { ids: [six.id], scope: 'named' } })
  expect(receipt).toMatchObject({ ended: [{ id: six.id, how: 'shutdown' }] })
  expect(isRunning(pids['wide'])).toBe(true)
})

describe.skipIf(whyNoNetworks !== null)(
  `another network namespace${whyNoNetworks === null ? '' : ` (skipped: ${whyNoNetworks})`}`,
  () => {
    test('its dashboard is not queried, the evidence says why, and it is ended by signals', async () => {
      const basePort = await freePort()
      const { backend, pids } = await startDeck({
        near: { options: { basePort } },
        far: { options: { basePort, address: '127.0.0.1' }, runner: inOwnNetwork },
      })
      const far = await instanceOf(backend, pids['far'])
      printVerdictRow({
        situation: 'dashboard in another network namespace, another instance uses the same port here',
        isServed: true,
        seen: far,
      })
      expect(far).toMatchObject({ state: 'no-dashboard', port: null, project: { name: 'far' } })
      expect(far.verdict.evidence.join(' ')).toContain('another network namespace')
      const receipt = await backend.call('end', { body: { ids: [far.id], scope: 'named' } })
      expect(receipt).toMatchObject({ ended: [{ id: far.id, how: 'terminate' }], survivors: [] })
      expect(isRunning(pids['near'])).toBe(true)
      expect(await instanceOf(backend, pids['near'])).toMatchObject({
        state: 'live',
        port: basePort,
        project: { name: 'near' },
      })
    })
  },
)

test('a dashboard whose trusted hosts lack 127.0.0.1 is reported as refusing, or queried with a trusted host if the list is readable', async () => {
  const [unread, read] = await Promise.all([1, 2].map(() => makeTempFolder(scope, 'home')))
  if (!unread || !read) throw new Error('two were made')
  await writeFile(
    join(read, 'serena_config.yml'),
    'web_dashboard_trusted_hosts:\n  - dash.example.test\nprojects: []\n',
  )
  const options = { trustedHosts: ['dash.example.test'] }
  const [refusing, answering] = await Promise.all(
    [unread, read].map((serenaHome) => startTestStandIn(scope, { serenaHome, options })),
  )
  const backend = await startBackend(scope, { homes: [unread, read] })
  const refused = await instanceOf(backend, refusing?.pid)
  printVerdictRow({
    situation: 'trusted hosts of the dashboard lack 127.0.0.1',
    isServed: true,
    seen: refused,
  })
  expect(refused).toMatchObject({ state: 'no-dashboard', verdict: { certainty: 'certain' } })
  expect(refused.verdict.evidence.slice(0, 2)).toEqual([
    `Its dashboard on port ${refused.port} refuses this machine: its trusted hosts do not include 127.0.0.1.`,
    'Add 127.0.0.1 to web_dashboard_trusted_hosts in its serena_config.yml, then restart this Serena.',
  ])
  const asked = await instanceOf(backend, answering?.pid)
  expect(asked.state).toBe('idle')
  expect(asked.verdict.evidence.join(' ')).toContain('trusted hosts do not include 127.0.0.1')
  const body = { ids: [refused.id, asked.id], scope: 'named' as const }
  const { ended } = await backend.call('end', { body })
  expect(Object.fromEntries(ended.map(({ id, how }) => [id, how]))).toEqual({
    [refused.id]: 'terminate',
    [asked.id]: 'shutdown',
  })
})

test.skipIf(!hasSerena())(
  'a real Serena on 127.0.0.2 that trusts only one foreign host is live, and is ended with a graceful shutdown',
  async () => {
    const home = await makeSerenaHome(scope)
    await writeFile(
      join(home, 'serena_config.yml'),
      'projects: []\nweb_dashboard_listen_address: 127.0.0.2\nweb_dashboard_trusted_hosts: [dash.example.test]\n',
    )
    const serena = await startSerena(scope, { serenaHome: home })
    const port = await serena.dashboardPort()
    const backend = await startBackend(scope, { homes: [home] })
    const instance = await instanceOf(backend, serena.pid)
    expect(instance).toMatchObject({ state: 'idle', port, address: '127.0.0.2' })
    const receipt = await backend.call('end', { body: { ids: [instance.id], scope: 'named' } })
    expect(receipt).toMatchObject({ ended: [{ how: 'shutdown' }] })
    expect(isAlive(serena.mark)).toBe(false)
  },
)
