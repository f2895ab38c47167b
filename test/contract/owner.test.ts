// The owner line of real Serenas under real clients: in the list, on the command line, and with its terminal.
import { execFileSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Instance } from '#contract/instance'
import { ownerWords } from '#contract/owner-words'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { hasSerena, type RealSerena, startSerena } from '../helpers/serena.ts'
import { makeSerenaHome, makeTempFolder, projectRoot } from '../helpers/temp-home.ts'
import { scopePerFile } from '../helpers/vitest-scope.ts'

const inTerminal = ['python3', join(projectRoot, 'test', 'fixtures', 'programs', 'in_terminal.py')]
/** A program can choose its own name: this Node client appears as `claude`. */
const asClaude = ['bash', '-c', 'exec -a claude "$@"', 'bash']

describe.skipIf(!hasSerena() || process.platform !== 'linux')('the owner of a real Serena', () => {
  const scope = scopePerFile()
  let backend: TestBackend
  let python: RealSerena
  let claude: RealSerena
  let home: string

  beforeAll(async () => {
    const serenaHome = await makeSerenaHome(scope)
    home = await makeTempFolder(scope, 'person')
    const cwd = join(home, 'x')
    await mkdir(cwd)
    const env = { HOME: home }
    python = await startSerena(scope, { serenaHome, client: 'python', cwd, env })
    claude = await startSerena(scope, { serenaHome, cwd, env, clientRunner: [...inTerminal, ...asClaude] })
    backend = await startBackend(scope, { homes: [serenaHome], env })
  })

  const instanceOf = async ({ pid }: RealSerena): Promise<Instance | undefined> =>
    (await backend.call('sweep')).instances.find((instance) => instance.pid === pid)
  const line = async (serena: RealSerena): Promise<string> => {
    const owner = (await instanceOf(serena))?.owner
    expect(owner?.pid).toBe(serena.clientPid)
    return owner ? ownerWords(owner) : ''
  }

  test('names a Python client by its script', async () => {
    expect(await line(python)).toMatch(/^python python_client\.py in ~\/x, (.+, )?since \d\d:\d\d$/)
  })

  test('names Claude Code with the number of its terminal', async () => {
    const tty = execFileSync('ps', ['-o', 'tty=', '-p', String(claude.clientPid)], { encoding: 'utf8' })
    const number = /^pts\/(\d+)$/.exec(tty.trim())?.[1] ?? 'none'
    const said = await line(claude)
    expect(said).toMatch(/^Claude Code in ~\/x, /)
    // If the tests themselves run in a numbered terminal pane, the line has its number.
    if (!process.env['TMUX_PANE'])
      expect(said).toMatch(new RegExp(`, terminal ${number}, since \\d\\d:\\d\\d$`))
  })

  test('list and status print that line', async () => {
    const said = await line(python)
    for (const args of [['list'], ['status', String(python.pid)]]) {
      const { stdout } = await runCli(args, { env: backend.env })
      expect(stdout).toContain(`${said} (pid ${python.clientPid})`)
    }
  })
})
