// Flags of the built backend, with real Serenas and stand-ins: relations between instances; no flag ends an instance.
import { describe, expect, test } from 'vitest'
import type { Flag, Instance } from '#contract/instance'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { hasSerena, startSerena } from '../helpers/serena.ts'
import { startTestStandIn, type TestStandInStart } from '../helpers/stand-in.ts'
import { makeSerenaHome, makeTypeScriptProject } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

const untilFlagged = (backend: TestBackend, pid: number, flag: Flag): Promise<Instance> =>
  waitUntil(
    `the flag ${flag} of process ${pid}`,
    async () => {
      const { instances } = await backend.call('instances')
      return instances.find((instance) => instance.pid === pid && instance.flags.includes(flag)) ?? null
    },
    { timeoutMs: 40_000 },
  )
const textOf = ({ flagNotes = [] }: Instance, flag: Flag): string =>
  flagNotes.find((note) => note.flag === flag)?.text ?? ''

async function aBackend(): Promise<{
  backend: TestBackend
  serenaHome: string
  standIn: (options: NonNullable<TestStandInStart['options']>) => ReturnType<typeof startTestStandIn>
}> {
  const serenaHome = await makeSerenaHome(scope)
  const backend = await startBackend(scope, { homes: [serenaHome] })
  backend.stream()
  return { backend, serenaHome, standIn: (options) => startTestStandIn(scope, { serenaHome, options }) }
}

describe.skipIf(!hasSerena())('real Serenas', () => {
  test('two clients on one project: each names the other, the risk and the fix; a third instance has no flag', async () => {
    const { backend, serenaHome } = await aBackend()
    const project = await makeTypeScriptProject(scope)
    const other = await makeTypeScriptProject(scope, 'other-ts')
    const one = await startSerena(scope, { serenaHome, client: 'node', project: project.path })
    const two = await startSerena(scope, { serenaHome, client: 'python', project: project.path })
    const third = await startSerena(scope, { serenaHome, client: 'node', project: other.path })
    await waitUntil(
      'the third to be live',
      async () =>
        (await backend.call('sweep')).instances.find(
          ({ pid, state }) => pid === third.pid && state === 'live',
        ),
      { timeoutMs: 40_000 },
    )
    const first = await untilFlagged(backend, one.pid, 'collision')
    const second = await untilFlagged(backend, two.pid, 'collision')
    expect(first.flags).toEqual(['collision'])
    expect(textOf(first, 'collision')).toMatch(
      new RegExp(`^${two.pid} - demo-ts \\(python python_client\\.py in .+\\) works on the same project\\.$`),
    )
    expect(first.verdict.evidence).toContain(textOf(first, 'collision'))
    expect(first.flagNotes?.[0]?.others).toEqual([second.id])
    const { instances } = await backend.call('instances')
    expect(instances.find(({ pid }) => pid === third.pid)?.flags).toEqual([])

    const { stdout } = await runCli(['status', String(one.pid)], { env: backend.env })
    expect(stdout).toMatch(/^flags +collision$/m)
    expect(stdout).toMatch(new RegExp(`^collision +${two.pid} - demo-ts .+worktree`, 'm'))
    const plan = await runCli(['kill', '--zombies', '--dry-run', '--json'], { env: backend.env })
    expect(JSON.parse(plan.stdout)).toMatchObject({ plan: [] })
  })
})

test('two instances of one client on one project: a duplicate, until one of them exits', async () => {
  const { backend, standIn } = await aBackend()
  const project = { name: 'shop', path: '/srv/shop' }
  const one = await standIn({ project })
  const two = await standIn({ project })
  const first = await untilFlagged(backend, one.pid, 'duplicate')
  expect(first.flags).toEqual(['collision', 'duplicate'])
  expect(first.colour).not.toBe('red')
  expect(textOf(first, 'duplicate')).toContain(`also started ${two.pid} - shop for this project.`)
  await two.stop()
  await waitUntil('the flags to be removed', async () => {
    const { instances } = await backend.call('instances')
    return instances.length === 1 && instances[0]?.flags.length === 0
  })
})

test('one client that starts it repeatedly: flapping, also after the earlier instances have exited', async () => {
  const { backend, standIn } = await aBackend()
  const seen = async (count: number): Promise<void> => {
    await waitUntil(
      `${count} instances to be seen`,
      async () => (await backend.call('instances')).instances.length === count,
    )
  }
  const early = await Promise.all([1, 2, 3, 4, 5].map(() => standIn({})))
  await seen(5)
  expect((await backend.call('instances')).instances.flatMap(({ flags }) => flags)).toEqual([])
  await Promise.all(early.map((one) => one.stop()))
  await seen(0)
  const sixth = await standIn({})
  const flagged = await untilFlagged(backend, sixth.pid, 'flapping')
  expect(textOf(flagged, 'flapping')).toMatch(
    /^Its client \(.+\) started it more than 5 times within 10 min\.$/,
  )
  expect(flagged.flags).toEqual(['flapping'])
})

test('outdated names a newer instance and the version that a dashboard reports', async () => {
  const { backend, standIn } = await aBackend()
  const old = await standIn({ version: '1.7.0', project: { name: 'old', path: '/srv/old' } })
  const young = await standIn({ version: '2.1.0', project: { name: 'young', path: '/srv/young' } })
  const flagged = await untilFlagged(backend, old.pid, 'outdated')
  expect(textOf(flagged, 'outdated')).toBe(`This is Serena 1.7.0; ${young.pid} - young runs 2.1.0.`)
  const reporter = await standIn({
    newerVersion: '2.2.0',
    project: { name: 'reporter', path: '/srv/reporter' },
  })
  expect(textOf(await untilFlagged(backend, reporter.pid, 'outdated'), 'outdated')).toContain(
    'its dashboard reports 2.2.0',
  )
  expect(textOf(await untilFlagged(backend, young.pid, 'outdated'), 'outdated')).toContain(
    `the dashboard of ${reporter.pid} - reporter reports 2.2.0`,
  )
})
