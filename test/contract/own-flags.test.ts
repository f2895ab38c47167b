// Flags of a single instance: placeholders passed by its client, and removed programs and folders.
import { readFileSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { Flag, Instance } from '#contract/instance'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeSerenaHome, makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

const untilFlagged = (backend: TestBackend, pid: number, flag: Flag): Promise<Instance> =>
  waitUntil(`the flag ${flag} of ${pid}`, async () => {
    const { instances } = await backend.call('sweep')
    return instances.find((one) => one.pid === pid && one.flags.includes(flag)) ?? null
  })
const textOf = ({ flagNotes = [] }: Instance, flag: Flag): string =>
  flagNotes.find((note) => note.flag === flag)?.text ?? ''

test('reports an unresolved placeholder, with its client', async () => {
  const serenaHome = await makeSerenaHome(scope)
  const backend = await startBackend(scope, { homes: [serenaHome] })
  const word = '${workspaceFolder}'
  const one = await startTestStandIn(scope, { serenaHome, args: ['--project', word] })
  const flagged = await untilFlagged(backend, one.pid, 'unexpanded')
  expect(textOf(flagged, 'unexpanded')).toMatch(/^.+ passes \$\{workspaceFolder\} unexpanded\.$/)
  const { stdout } = await runCli(['status', `${one.pid}`], { env: backend.env })
  expect(stdout).toMatch(/^unexpanded .+full path/m)
})

test('flags a removed program and a renamed folder, and marks the launch command in the receipt as unusable', async () => {
  const serenaHome = await makeSerenaHome(scope)
  const project = join(await makeTempFolder(scope, 'work'), 'shop')
  await mkdir(project)
  const backend = await startBackend(scope, { homes: [serenaHome] })
  const one = await startTestStandIn(scope, {
    serenaHome,
    options: { project: { name: 'shop', path: project } },
  })
  await waitUntil('the project', async () =>
    (await backend.call('sweep')).instances.some((instance) => instance.project?.path === project),
  )
  const script = readFileSync(`/proc/${one.pid}/cmdline`, 'utf8').split('\0')[1] ?? ''
  await rename(project, `${project}-2`)
  const renamed = await untilFlagged(backend, one.pid, 'folder-removed')
  expect(textOf(renamed, 'folder-removed')).toContain(project)
  expect(renamed.flags).toEqual(['folder-removed'])
  await rm(dirname(script), { recursive: true })
  const removed = await untilFlagged(backend, one.pid, 'program-removed')
  expect(textOf(removed, 'program-removed')).toBe(`Its program was removed or renamed: ${script}.`)
  const { stdout } = await runCli(['kill', `pid:${one.pid}`, '--yes'], { env: backend.env })
  expect(stdout).toContain(`    Unusable: ${script} was removed or renamed.`)
})
