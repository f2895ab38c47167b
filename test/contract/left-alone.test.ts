// Zombies of a project that is left alone: ended by name only, with and without a backend.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { endingPlanSchema, receiptSchema } from '#contract/ending'
import { instanceListSchema } from '#contract/instance'
import { startBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { startOrphan } from '../helpers/orphan.ts'
import { isAlive } from '../helpers/processes.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

test('kill-all, an ending as unused, and pruning leave it; a kill by name ends it', async () => {
  const home = await makeTempFolder(scope, 'home')
  const start = async (name: string) => {
    const folder = await makeTempFolder(scope, name)
    const args = ['--project', folder]
    return startOrphan(scope, {
      home,
      options: { ignoresEndOfInput: true, project: { name, path: folder } },
      args,
    })
  }
  const [kept, other] = [await start('kept'), await start('other')]
  const backend = await startBackend(scope, { homes: [home] })
  const { env } = backend
  const cli = (...words: string[]) => runCli(words, { env })
  const listed = async () =>
    instanceListSchema.parse(JSON.parse((await cli('list', '--json')).stdout)).instances
  await waitUntil(
    'both to be orphans',
    async () =>
      (await listed()).filter(({ state, project }) => state === 'orphaned' && project?.path).length === 2,
    { timeoutMs: 60_000, everyMs: 500 },
  )
  const target = `pid:${kept.pid}`
  expect((await cli('label', target, 'billing')).stdout).toMatch(/^Label of .*: billing\n$/)
  expect((await cli('note', target, 'until June')).code).toBe(0)
  expect((await cli('leave-alone', target, 'on')).stdout).toMatch(
    /is left alone: its instances are ended only by name\.\n$/,
  )
  await waitUntil('it to be published', async () =>
    (await listed()).some(
      ({ pid, isLeftAlone, label }) => pid === kept.pid && isLeftAlone && label === 'billing',
    ),
  )
  const id = (await listed()).find(({ pid }) => pid === kept.pid)?.id ?? ''

  const dry = await cli('kill', '--zombies', '--dry-run', '--json')
  const { plan } = endingPlanSchema.parse(JSON.parse(dry.stdout))
  expect(plan.find((item) => item.id === id)).toMatchObject({ checked: false, isLeftAlone: true })
  expect((await cli('kill', '--zombies', '--dry-run')).stdout).toContain('set to be left alone')
  const asRed = await backend.call('end', { body: { ids: [id], scope: 'red' } })
  const asUnused = await backend.call('end', {
    body: { ids: [id], scope: 'named', unusedSince: new Date().toISOString() },
  })
  for (const { refused } of [asRed, asUnused]) expect(refused[0]?.why).toContain('left alone')
  expect(isAlive(kept)).toBe(true)

  const killed = await cli('kill', '--zombies', '--yes', '--json')
  expect([killed.code, isAlive(kept), isAlive(other)]).toEqual([0, true, false])
  expect(receiptSchema.parse(JSON.parse(killed.stdout)).refused).toEqual([])

  await backend.stop()
  const alone = await cli('kill', '--zombies', '--yes')
  expect([alone.code, isAlive(kept)]).toEqual([3, true])
  expect(alone.stdout).toContain('set to be left alone')
  const named = await cli('kill', target, '--yes')
  expect([named.code, isAlive(kept)]).toEqual([0, false])
  expect(named.stdout).toContain('set to be left alone')
}, 180_000)

test('labels survive the backend, are removed by an empty text, and refuse what is no label', async () => {
  const home = await makeTempFolder(scope, 'home')
  const folder = await makeTempFolder(scope, 'shop')
  const orphan = await startOrphan(scope, {
    home,
    options: { ignoresEndOfInput: true, project: { name: 'shop', path: folder } },
    args: ['--project', folder],
  })
  const env = { SERENA_DECK_STATE: await makeTempFolder(scope, 'state'), SERENA_DECK_ONLY_HOMES: home }
  const cli = (...words: string[]) => runCli(words, { env })
  const target = `pid:${orphan.pid}`
  expect((await cli('label', target, 'one', '--json')).code).toBe(0)
  expect((await cli('status', target)).stdout).toMatch(/label +one/)
  expect((await cli('label', target, '')).stdout).toMatch(/^Label of .* removed\.\n$/)
  for (const words of [
    ['label', target],
    ['label', target, 'two\nlines'],
    ['label', target, 'x'.repeat(61)],
    ['leave-alone', target, 'yes'],
  ])
    expect([words, (await cli(...words)).code]).toEqual([words, 2])
  expect((await cli('leave-alone', 'pid:1', 'on')).code).toBe(3)
  expect(JSON.parse(readFileSync(join(env.SERENA_DECK_STATE, 'projects.json'), 'utf8'))).toEqual({
    schema: 1,
    projects: {},
  })
})
