// Which clients share one Serena: those to which nothing can make a difference. All others get a Serena of their own.
import { execFileSync } from 'node:child_process'
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { HubSerena } from '#contract/hub'
import { textOf } from '../helpers/crash-rounds.ts'
import { startTestHub, type TestHub } from '../helpers/hub.ts'
import type { ClientStart, HubClient } from '../helpers/hub-client.ts'
import { makeScriptedSerena, type ScriptedSerena } from '../helpers/scripted-serena.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()
const TOOLS = { tools: ['read', 'write', 'activate_project', 'switch_modes'] }

interface Stage {
  hub: TestHub
  serena: ScriptedSerena
  /** A git repository. */
  project: string
  open(change?: Partial<ClientStart> & { args?: readonly string[] }): Promise<HubClient>
}

async function startStage(): Promise<Stage> {
  const project = await makeRepository()
  const serena = await makeScriptedSerena(scope, { script: TOOLS })
  const hub = await startTestHub(scope)
  return {
    hub,
    serena,
    project,
    open: ({ args = ['--project-from-cwd'], ...change } = {}) =>
      hub.client({ command: [...serena.command, ...args], env: serena.env, cwd: project, ...change }),
  }
}

async function makeRepository(): Promise<string> {
  const folder = await makeTempFolder(scope, 'project')
  execFileSync('git', ['init', '--quiet', folder])
  return folder
}

/** The pid of the Serena that answers. */
const pidOf = async (client: HubClient): Promise<unknown> => (await client.call('read')).result?.['pid']

test.each([
  ['codex', ['--context', 'codex', '--project-from-cwd']],
  ['desktop-app', ['--context', 'desktop-app', '--project-from-cwd']],
  ['agent', ['--context', 'agent', '--project-from-cwd']],
  ['none', ['--project-from-cwd']],
] as const)('clients of one project and context share one Serena: %s', async (_, args) => {
  const { open, project, hub } = await startStage()
  const deeper = join(project, 'src', 'deep')
  mkdirSync(deeper, { recursive: true })
  const link = join(await makeTempFolder(scope, 'link'), 'link')
  symlinkSync(project, link)
  const clients = await Promise.all([open({ args }), open({ args, cwd: deeper }), open({ args, cwd: link })])
  expect(new Set(await Promise.all(clients.map(pidOf))).size).toBe(1)
  const { context, privateBecause, project: shown } = await hub.serena()
  expect({ context, privateBecause, path: shown?.path }).toEqual({
    context: args[0] === '--context' ? args[1] : null,
    privateBecause: null,
    path: realpathSync(project),
  })
})

test('the project counts, not how it was named', async () => {
  const { open, project, serena } = await startStage()
  const elsewhere = await makeTempFolder(scope, 'elsewhere')
  writeFileSync(join(serena.serenaHome, 'serena_config.yml'), `projects:\n- ${project}\n`)
  mkdirSync(join(project, '.serena'))
  writeFileSync(join(project, '.serena', 'project.yml'), 'project_name: shop\n')
  const clients = await Promise.all([
    open(),
    open({ args: ['--project', project], cwd: elsewhere }),
    open({ args: [`--project=${project}/`], cwd: elsewhere }),
    open({ args: ['--project', '.'] }),
    open({ args: ['--project', 'shop'], cwd: elsewhere }),
  ])
  expect(new Set(await Promise.all(clients.map(pidOf))).size).toBe(1)
})

describe('a Serena is never shared by clients', () => {
  test.each<[string, (stage: Stage) => Parameters<Stage['open']>[0] | Promise<Parameters<Stage['open']>[0]>]>(
    [
      ['of two contexts', () => ({ args: ['--project-from-cwd', '--context', 'codex'] })],
      ['of two interfaces', () => ({ args: ['--project-from-cwd', '--agent-interface', 'repl'] })],
      ['of two modes', () => ({ args: ['--project-from-cwd', '--mode', 'planning'] })],
      ['of two backends', () => ({ args: ['--project-from-cwd', '--language-backend', 'JetBrains'] })],
      ['with two share names', () => ({ flags: { shareAs: 'other' } })],
      ['of which one asks for its own', () => ({ flags: { isPrivate: true } })],
      ['of two projects', async () => ({ cwd: await makeRepository() })],
      ['of which one has no project', async () => ({ cwd: await makeTempFolder(scope, 'none') })],
      [
        'of two homes',
        async ({ serena }) => ({ env: { ...serena.env, SERENA_HOME: await makeTempFolder(scope, 'home') } }),
      ],
      [
        'of two versions',
        async ({ serena }) => {
          const other = await makeScriptedSerena(scope, { script: TOOLS })
          return { command: [...other.command, '--project-from-cwd'], env: { ...serena.env } }
        },
      ],
      [
        'with two values of a variable that the user marked',
        ({ serena }) => ({
          env: { ...serena.env, SERENA_DECK_SHARE_BY: 'JAVA_HOME', JAVA_HOME: '/opt/java-8' },
        }),
      ],
      ['of two transports', () => ({ args: ['--project-from-cwd', '--transport', 'sse'] })],
    ],
  )('%s', async (_, other) => {
    const stage = await startStage()
    const [a, b] = [await stage.open(), await stage.open()]
    const c = await stage.open(await other(stage))
    const [pidA, pidB, pidC] = await Promise.all([a, b, c].map(pidOf))
    expect(pidA).toBe(pidB)
    expect(pidC).not.toBe(pidA)
  })

  test('of a repository and one of its worktrees', async () => {
    const { open, project } = await startStage()
    const worktree = join(await makeTempFolder(scope, 'worktrees'), 'feature')
    const git = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-C', project]
    execFileSync('git', [...git, 'commit', '--quiet', '--allow-empty', '-m', 'first'])
    execFileSync('git', [...git, 'worktree', 'add', '--quiet', worktree])
    const [a, b] = [await open(), await open({ cwd: worktree })]
    expect(await pidOf(a)).not.toBe(await pidOf(b))
  })

  test('without a project, even in the same folder', async () => {
    const { open, hub } = await startStage()
    const cwd = await makeTempFolder(scope, 'none')
    const [a, b] = [await open({ cwd }), await open({ cwd })]
    expect(await pidOf(a)).not.toBe(await pidOf(b))
    const { serenas } = await hub.status()
    expect(serenas.map(({ privateBecause }) => privateBecause)).toEqual([
      'It has no project.',
      'It has no project.',
    ])
  })
})

describe('a client that changes its Serena', () => {
  const clientsOf = ({ clients }: HubSerena): (string | null)[] => clients.map(({ name }) => name)

  test('by activate_project moves alone to the Serena of that project', async () => {
    const { open, hub, serena, project } = await startStage()
    const other = await makeRepository()
    const [a, b, c] = await Promise.all([
      open({ name: 'a' }),
      open({ name: 'b' }),
      open({ name: 'c', cwd: other }),
    ])
    const before = await pidOf(b)
    expect(await pidOf(a)).toBe(before)
    await a.call('activate_project', { project: other, text: 'activate' })
    expect(await pidOf(a)).toBe(await pidOf(c))
    expect(await pidOf(b)).toBe(before)
    const { serenas } = await hub.status()
    expect(Object.fromEntries(serenas.map((one) => [one.project?.path, clientsOf(one)]))).toEqual({
      [realpathSync(project)]: ['b'],
      [realpathSync(other)]: ['a', 'c'],
    })
    // Back, without another Serena.
    await a.call('activate_project', { project })
    expect(await pidOf(a)).toBe(before)
    expect(serena.starts()).toHaveLength(2)
  })

  test('by activate_project of its own project stays', async () => {
    const { open, serena, project } = await startStage()
    const [a, b] = await Promise.all([open(), open()])
    await a.call('activate_project', { project: `${project}/` })
    expect(await pidOf(a)).toBe(await pidOf(b))
    expect(serena.starts()).toHaveLength(1)
  })

  test('by activate_project of an unknown name stays where it was when that fails', async () => {
    const { open, hub, serena } = await startStage()
    const [a, b] = await Promise.all([open({ name: 'a' }), open({ name: 'b' })])
    const before = await pidOf(b)
    const answer = await a.call('activate_project', { project: 'unknown', text: 'no such', isError: true })
    expect(answer.result?.isError).toBe(true)
    expect(await pidOf(a)).toBe(before)
    // The shared Serena has not got the call.
    expect(serena.executed().filter((one) => one.startsWith('activate_project'))).toHaveLength(1)
    expect((await hub.status()).serenas.find(({ pid }) => pid === before)?.clients).toHaveLength(2)
  })

  test('by activate_project of a name that only Serena knows is there again after Serena has slept', async () => {
    const { open, hub, serena } = await startStage()
    const [a, b] = await Promise.all([open({ name: 'a' }), open({ name: 'b' })])
    const before = await pidOf(b)
    await a.call('activate_project', { project: 'elsewhere', text: 'activate' })
    const own = await pidOf(a)
    expect(own).not.toBe(before)
    const entry = (await hub.status()).serenas.find(({ pid }) => pid === own)
    expect(entry?.privateBecause).toBe('It has activated elsewhere, which is not known here.')
    expect(await hub.control('stop', entry?.id ?? '')).toEqual({ done: true, count: 1 })
    expect(await pidOf(a)).not.toBe(own)
    expect(serena.executed().filter((one) => one === 'activate_project activate')).toHaveLength(2)
    expect(await pidOf(b)).toBe(before)
  })

  test('by switch_modes moves alone; clients with equal modes share', async () => {
    const { open } = await startStage()
    const [a, b, c] = await Promise.all([open(), open(), open()])
    const before = await pidOf(c)
    const modes = { modes: ['planning', 'one-shot'] }
    for (const client of [a, b]) expect(textOf(await client.call('switch_modes', modes))).toBe('done')
    expect(await pidOf(a)).toBe(await pidOf(b))
    expect(await pidOf(a)).not.toBe(before)
    expect(await pidOf(c)).toBe(before)
  })
})
