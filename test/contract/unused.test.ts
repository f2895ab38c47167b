// Ending unused instances: a preview that names the running client, and never an instance that was used meanwhile.
import { expect, test } from 'vitest'
import { startBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { isAlive, markProcess } from '../helpers/processes.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeSerenaHome } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

test('groups six unused instances of a client in one row; kill --unused-for ends only these', async () => {
  const serenaHome = await makeSerenaHome(scope)
  const backend = await startBackend(scope, { homes: [serenaHome] })
  const options = { project: { name: 'big', path: '/srv/big' } }
  const all = await Promise.all(
    [1, 2, 3, 4, 5, 6].map(() => startTestStandIn(scope, { serenaHome, options })),
  )
  const marks = all.map(({ pid }) => markProcess(pid))
  await waitUntil('all six', async () => (await backend.call('sweep')).instances.length === 6)
  const { instances } = await backend.call('instances')
  expect(new Set(instances.flatMap(({ flags }) => flags))).toEqual(new Set(['collision', 'duplicate']))
  const list = await runCli(['list'], { env: backend.env })
  expect(list.stdout).toMatch(/^● live collision duplicate +6 × .+ for big /m)
  expect(list.stdout).not.toContain(`${all[0]?.pid} - big`)
  expect((await runCli(['list', '--all'], { env: backend.env })).stdout).toContain(`${all[0]?.pid} - big`)

  const used = all[0]
  await waitUntil('two seconds without a message', async () => {
    used?.send('log')
    const plan = await runCli(['kill', '--unused-for', '2s', '--dry-run', '--json'], { env: backend.env })
    return (JSON.parse(plan.stdout) as { plan: unknown[] }).plan.length === 5
  })
  const shown = await runCli(['kill', '--unused-for', '2s', '--dry-run'], { env: backend.env })
  expect(shown.stdout).toMatch(/^ +No MCP message for \d+ s\.$/m)
  expect(shown.stdout).toMatch(
    /^ +Its client \(.+, process \d+\) is running; ending the instance removes Serena's tools from that session\.$/m,
  )
  expect(marks.every((mark) => mark && isAlive(mark))).toBe(true)

  // An instance used after the preview keeps running.
  const chosen = (await backend.call('sweep')).instances
  const since = new Date(Date.now() - 2_000).toISOString()
  used?.send('log')
  const idOf = (pid: number | undefined): string => chosen.find((one) => one.pid === pid)?.id ?? ''
  const receipt = await waitUntil('the log of the used instance', async () => {
    const answer = await backend.call('end', {
      body: { ids: [idOf(used?.pid)], scope: 'named', unusedSince: since },
    })
    return answer
  })
  expect(receipt.refused).toEqual([
    { id: idOf(used?.pid), why: 'It was used in the meantime, so it was not ended.' },
  ])

  used?.send('log')
  const killed = await runCli(['kill', '--unused-for', '2s', '--yes'], { env: backend.env })
  expect(killed.stdout).toContain('5 instances ended')
  expect(marks.map((mark) => mark !== null && isAlive(mark))).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ])
  const { instances: left } = await backend.call('sweep')
  // Instances ended by the user do not count as restarts by the client.
  expect(left.map(({ flags }) => flags)).toEqual([[]])
})

test('reports incorrect use with a fix', async () => {
  const backend = await startBackend(scope)
  for (const words of [
    ['--unused-for', '5'],
    ['--unused-for', 'long'],
    ['--unused-for', '5h', '--zombies'],
    ['x', '--unused-for', '5h'],
  ]) {
    const { code, stderr } = await runCli(['kill', ...words, '--yes'], { env: backend.env })
    expect([words, code]).toEqual([words, 2])
    expect(stderr).toMatch(/such as 30m, 5h or 2d|cannot be combined with a TARGET or --zombies/)
  }
  const none = await runCli(['kill', '--unused-for', '5h', '--yes'], { env: backend.env })
  expect([none.code, none.stdout]).toEqual([3, 'No instance has been unused for 5 h.\n'])
})
