// `setup` with the programs of others: each shows the entry as valid, and those that start servers without a login share one Serena.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { HubStatus } from '#contract/hub'
import { productCommand } from '../../extensions/backend/lib/product.ts'
import { stateFolder } from '../../extensions/backend/os/paths.ts'
import { runCli } from '../helpers/cli.ts'
import { clientPrograms, runProgram, whyNoClient } from '../helpers/client-programs.ts'
import { startTestHub, type TestHub } from '../helpers/hub.ts'
import { hasSerena, serenaProgram } from '../helpers/serena.ts'
import { makeSerenaHome, makeTempFolder, makeTypeScriptProject } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()

interface Program {
  id: string
  /** Its file of the user. */
  file: string
  /** The context of the entry. */
  context: string
  /** Prints its servers. */
  list: readonly string[]
  /** What that prints for a server that works. */
  works: RegExp
  /** Prints one server with its command; null: it has no such command. */
  get: readonly string[] | null
  /** `list` starts the servers. */
  starts: boolean
}

const list = (program: string): readonly string[] => [program, 'mcp', 'list']
const get = (program: string): readonly string[] => [program, 'mcp', 'get', 'serena']
const PROGRAMS: readonly Program[] = [
  {
    id: 'claude-code',
    file: '.claude.json',
    context: 'claude-code',
    list: list('claude'),
    works: /^serena: .* - ✔ Connected$/m,
    get: get('claude'),
    starts: true,
  },
  {
    id: 'codex',
    file: '.codex/config.toml',
    context: 'codex',
    list: list('codex'),
    works: /^serena\s.*\senabled\s/m,
    get: get('codex'),
    starts: false,
  },
  {
    id: 'gemini-cli',
    file: '.gemini/settings.json',
    context: 'ide',
    list: list('gemini'),
    works: /^✓ serena: .* - Connected$/m,
    get: null,
    starts: true,
  },
  {
    id: 'qwen-code',
    file: '.qwen/settings.json',
    context: 'ide',
    list: list('qwen'),
    works: /^✓ serena: .* - Connected$/m,
    get: null,
    starts: true,
  },
  {
    id: 'opencode',
    file: '.config/opencode/opencode.json',
    context: 'ide',
    list: list('opencode'),
    works: /✓ serena connected/,
    get: null,
    starts: true,
  },
  {
    id: 'copilot-cli',
    file: '.copilot/mcp-config.json',
    context: 'copilot-cli',
    list: list('copilot'),
    works: /^\s+serena \(local\)$/m,
    get: get('copilot'),
    starts: false,
  },
]

interface Stage {
  home: string
  project: string
  env: NodeJS.ProcessEnv
  setup(...words: string[]): Promise<string>
  read(path: string): string | null
}

/** A home of a user with a Serena and these clients on PATH. */
async function makeStage(programs: readonly Program[]): Promise<Stage> {
  const home = await makeTempFolder(scope, 'home')
  const { path: project } = await makeTypeScriptProject(scope, 'shop')
  const serenaHome = await makeSerenaHome(scope)
  const folders = [
    ...programs.map(({ id }) => clientPrograms(id)),
    dirname(serenaProgram('2.1.0')),
    dirname(process.execPath),
    '/usr/local/bin',
    '/usr/bin',
    '/bin',
  ]
  const env: NodeJS.ProcessEnv = {
    HOME: home,
    PATH: folders.join(delimiter),
    LANG: 'C.UTF-8',
    SERENA_HOME: serenaHome,
    SERENA_USAGE_REPORTING: 'false',
    SERENA_DECK_ONLY_HOMES: serenaHome,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    OPENCODE_DISABLE_AUTOUPDATE: '1',
  }
  // Gemini CLI starts servers only in folders that the user trusts.
  mkdirSync(join(home, '.gemini'))
  writeFileSync(join(home, '.gemini', 'trustedFolders.json'), JSON.stringify({ [project]: 'TRUST_FOLDER' }))
  return {
    home,
    project,
    env,
    async setup(...words) {
      const args = ['setup', '--yes', '--no-desktop', ...words]
      const { code, stdout, stderr } = await runCli(args, {
        env: onlyThese(env),
        cwd: project,
        timeoutMs: 200_000,
      })
      expect(code, stdout + stderr).toBe(0)
      return stdout
    },
    read(path) {
      const file = join(home, path)
      return existsSync(file) ? readFileSync(file, 'utf8') : null
    },
  }
}

/** The variables of this process count as not set. */
const onlyThese = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined])),
  ...env,
})

const serenaOf = ({ serenas }: HubStatus, context: string): HubStatus['serenas'] =>
  serenas.filter((one) => one.context === context)

/** Runs its `mcp list` until it says that the server works: a first start may take longer than a client waits. */
async function listUntilItWorks({ list: words, works }: Program, stage: Stage): Promise<void> {
  let output = ''
  for (let attempt = 1; attempt <= 3 && !works.test(output); attempt += 1)
    ({ output } = await runProgram(words, { env: stage.env, cwd: stage.project }))
  expect(output).toMatch(works)
}

const logsOf = (stage: Stage): string[] => {
  const logs = join(stage.env['SERENA_HOME'] ?? '', 'logs')
  return readdirSync(logs).flatMap((day) => readdirSync(join(logs, day)))
}

function hubOf({ env }: Stage): Promise<TestHub> {
  const folder = stateFolder(env, process.platform)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return startTestHub(scope, { stateFolder: folder, serenaSeconds: 600 })
}

const noSerena = hasSerena() ? null : 'no Serena 2.1.0'

describe.skipIf(noSerena !== null)(`setup with real clients${noSerena ? ` (${noSerena})` : ''}`, () => {
  for (const program of PROGRAMS) {
    const why = whyNoClient(program.id)
    test.skipIf(why !== null)(`${program.id} takes the entry${why ? ` (${why})` : ''}`, async () => {
      const stage = await makeStage([program])
      const hub = await hubOf(stage)
      await stage.setup()
      const { project, env } = stage
      await listUntilItWorks(program, stage)
      if (program.get !== null) {
        const { code, output } = await runProgram(program.get, { env, cwd: project })
        expect(code, output).toBe(0)
        expect(output).toContain(productCommand.at(-1))
        expect(output).toContain(`connect -- ${serenaProgram('2.1.0')} start-mcp-server`)
      }
      const serenas = serenaOf(await hub.status(), program.context)
      expect(serenas.map(({ state, project: at }) => [state, at?.path])).toEqual([['running', project]])
      await stage.setup('--undo')
      expect(stage.read(program.file) ?? '').not.toContain('start-mcp-server')
      const { output } = await runProgram(program.list, { env, cwd: project })
      expect(output).not.toMatch(program.works)
    })
  }

  const sharing = PROGRAMS.filter(({ starts, context }) => starts && context === 'ide')
  const missing = sharing.filter(({ id }) => whyNoClient(id) !== null).map(({ id }) => id)
  const usable = sharing.filter(({ id }) => !missing.includes(id))
  test.skipIf(usable.length < 2)(
    `${usable.map(({ id }) => id).join(', ')} start one Serena${missing.length > 0 ? ` (not: ${missing.join(', ')})` : ''}`,
    async () => {
      const stage = await makeStage(usable)
      const hub = await hubOf(stage)
      await stage.setup()
      const pids: unknown[] = []
      for (const program of usable) {
        await listUntilItWorks(program, stage)
        const serenas = serenaOf(await hub.status(), 'ide')
        pids.push(...serenas.map(({ pid }) => pid))
      }
      expect(pids).toHaveLength(usable.length)
      expect(new Set(pids).size).toBe(1)
      expect((await hub.status()).serenas).toHaveLength(1)
      expect(logsOf(stage)).toHaveLength(1)
    },
  )
})
