// Serenas that exit at startup: the history says why and what to change; repeated starts by a client are one row.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { HistoryRecord } from '#contract/history'
import { startBackend, type TestBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { hasSerena, type SerenaVersion, serenaProgram, startSerena } from '../helpers/serena.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeSerenaHome, makeTempFolder, makeTypeScriptProject } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

/** Runs it until it exits; resolves to its pid. */
async function crash(start: {
  version: SerenaVersion
  serenaHome: string
  project: string
  env?: NodeJS.ProcessEnv
}): Promise<number> {
  const child = spawn(
    serenaProgram(start.version),
    ['start-mcp-server', '--project', start.project, '--open-web-dashboard', 'false'],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { ...process.env, ...start.env, SERENA_HOME: start.serenaHome, SERENA_USAGE_REPORTING: 'false' },
    },
  )
  scope.add(() => void child.kill('SIGKILL'))
  const [code] = (await once(child, 'exit')) as [number | null]
  expect(code).toBe(1)
  return child.pid ?? 0
}

const exitRecordOf = (backend: TestBackend, pid: number): Promise<HistoryRecord> =>
  waitUntil(`the end of ${pid} in the history`, async () => {
    const { records } = await backend.call('history', { query: {} })
    return records.find((record) => record.pid === pid && record.event === 'gone') ?? null
  })

describe.skipIf(!hasSerena())('real Serenas', () => {
  test('a project_name that is a number: the row shows the error, the notice names the file and the fix', async () => {
    const serenaHome = await makeSerenaHome(scope)
    const { path } = await makeTypeScriptProject(scope)
    const other = await makeTypeScriptProject(scope, 'other')
    const file = join(other.path, '.serena', 'project.yml')
    await mkdir(join(other.path, '.serena'))
    await writeFile(file, 'project_name: 2024\nlanguages:\n- typescript\n')
    await writeFile(join(serenaHome, 'serena_config.yml'), `projects:\n- ${other.path}\n`)
    const backend = await startBackend(scope, { homes: [serenaHome] })
    backend.stream()
    const pid = await crash({ version: '2.1.0', serenaHome, project: path })
    const { why, failure } = await exitRecordOf(backend, pid)
    expect(failure).toBe('TypeError: sequence item 0: expected str instance, int found')
    expect(why[0]).toMatch(/^It exited \d s after its start: TypeError: sequence item 0/)
    expect(why[0]).toContain(`project_name in ${file} is not text. Put it in quotes: project_name: "2024".`)
    expect(why[1]).toContain(`_${pid}.txt`)
    const { notices } = await backend.call('instances')
    expect(notices.map(({ text }) => text).join('\n')).toMatch(/^Serena crashes at start \(1 time.+quotes/m)
    const { stdout } = await runCli(['history'], { env: backend.env })
    expect(stdout).toContain(`project_name in ${file} is not text`)
  })

  test.skipIf(!hasSerena('1.3.0'))(
    'versions with incompatible project.yml files: the row names both versions and the file',
    async () => {
      const serenaHome = await makeSerenaHome(scope)
      const project = await makeTypeScriptProject(scope)
      const backend = await startBackend(scope, { homes: [serenaHome] })
      backend.stream()
      const newer = await startSerena(scope, { serenaHome, project: project.path })
      const file = join(project.path, '.serena', 'project.yml')
      await waitUntil('its version', async () =>
        (await backend.call('sweep')).instances.some(
          (one) => one.pid === newer.pid && one.serenaVersion?.startsWith('2.1.0') && one.project !== null,
        ),
      )
      expect(await readFile(file, 'utf8')).toContain('language_servers')
      const { why } = await exitRecordOf(
        backend,
        await crash({ version: '1.3.0', serenaHome, project: project.path }),
      )
      expect(why[0]).toContain(
        `KeyError: 'languages'. Serena 1.3.0 needs the key languages in ${file}; Serena 2.1.0 renamed it to language_servers.`,
      )
    },
  )

  test('a sandbox that forbids listening: the row names the flag that helps', async () => {
    const serenaHome = await makeSerenaHome(scope)
    const { path } = await makeTypeScriptProject(scope)
    const site = await makeTempFolder(scope, 'site')
    await writeFile(
      join(site, 'sitecustomize.py'),
      'import socket\n_bind = socket.socket.bind\ndef bind(self, address):\n    if self.family == socket.AF_INET: raise PermissionError(1, "Operation not permitted")\n    return _bind(self, address)\nsocket.socket.bind = bind\n',
    )
    const backend = await startBackend(scope, { homes: [serenaHome] })
    backend.stream()
    const pid = await crash({ version: '2.1.0', serenaHome, project: path, env: { PYTHONPATH: site } })
    const { why } = await exitRecordOf(backend, pid)
    expect(why[0]).toMatch(/RuntimeError: No free ports found .+ --enable-web-dashboard false\.$/)
  })
})

test('a start that its client aborts and repeats is one row, without a flag', async () => {
  const serenaHome = await makeSerenaHome(scope)
  const backend = await startBackend(scope, { homes: [serenaHome] })
  backend.stream()
  const seen = (pid: number): Promise<unknown> =>
    waitUntil(`instance ${pid}`, async () =>
      (await backend.call('sweep')).instances.some((one) => one.pid === pid),
    )
  let last = await startTestStandIn(scope, { serenaHome })
  await seen(last.pid)
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const [, next] = await Promise.all([last.stop(), startTestStandIn(scope, { serenaHome })])
    await seen(next.pid)
    last = next
  }
  const { records } = await backend.call('history', { query: {} })
  expect(records.map(({ event, pid, attempts }) => [event, pid, attempts])).toEqual([
    ['started', last.pid, 7],
  ])
  const { instances } = await backend.call('sweep')
  expect(instances.map(({ flags }) => flags)).toEqual([[]])
  const { stdout } = await runCli(['history'], { env: backend.env })
  expect(stdout).toMatch(/: started after 6 aborted attempts( · .*)?$/m)
})

test('finds a start that failed between two scans through its log, with secrets masked', async () => {
  const serenaHome = await makeSerenaHome(scope)
  const backend = await startBackend(scope, { homes: [serenaHome] })
  await backend.call('sweep')
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' })
  await once(child, 'exit')
  const now = new Date()
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())]
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('')
  const folder = join(serenaHome, 'logs', day.join('-'))
  await mkdir(folder, { recursive: true })
  await writeFile(
    join(folder, `mcp_${day.join('')}-${time}_${child.pid}.txt`),
    'INFO  2026-11-29 17:43:34,597 [MainThread] serena.cli:start:432 - Initializing\nERROR 2026-11-29 17:43:34,676 [MainThread] serena.agent:show:51 - Fatal exception: x\nTraceback (most recent call last):\n  File "x"\nValueError: api_key=sk-12345678901234567890 is bad\n',
  )
  const { why, failure } = await exitRecordOf(backend, child.pid ?? 0)
  expect(failure).toBe('ValueError: api_key=******** is bad')
  expect(why.join()).not.toContain('sk-123')
})
