// The test helpers with real Serenas: each way of starting one works, reports the correct pid, calls a tool and leaves no process.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isAlive, markTree, parentsByPid } from '../helpers/processes.ts'
import {
  hasLanguageServer,
  hasSerena,
  hasUvx,
  type RealSerena,
  startHttpSerena,
  startSerena,
} from '../helpers/serena.ts'
import { makeTypeScriptProject } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

const alive = async (serena: RealSerena): Promise<unknown> =>
  (await fetch(`http://127.0.0.1:${await serena.dashboardPort()}/heartbeat`)).json()

describe.skipIf(!hasSerena())('real Serena 2.1.0', () => {
  test.each(['node', 'python'] as const)('under a %s client', async (client) => {
    const project = await makeTypeScriptProject(scope)
    const serena = await startSerena(scope, { client, project: project.path })
    expect(await serena.callTool('list_dir', { relative_path: '.', recursive: false })).toContain('src')
    expect(await alive(serena)).toEqual({ status: 'alive' })
    expect(parentsByPid().get(serena.pid)).toBe(serena.clientPid)
    await serena.close()
    expect(isAlive(serena.mark)).toBe(false)
  })

  test('through a shell, the instance is the child of the launcher', async () => {
    const serena = await startSerena(scope, { launcher: 'sh' })
    const launcher = parentsByPid().get(serena.pid)
    expect(parentsByPid().get(launcher ?? 0)).toBe(serena.clientPid)
    const project = await makeTypeScriptProject(scope, 'later')
    expect(await serena.activateProject(project.path)).toContain('later')
  })

  test.skipIf(!hasUvx())('through uvx', async () => {
    const serena = await startSerena(scope, { launcher: 'uvx' })
    expect(parentsByPid().get(serena.pid)).not.toBe(serena.clientPid)
    expect(readFileSync(serena.logFile, 'utf8')).toContain(`process id=${serena.pid}`)
  })

  test('over streamable HTTP', async () => {
    const project = await makeTypeScriptProject(scope)
    const serena = await startHttpSerena(scope, { project: project.path })
    expect(await serena.callTool('list_dir', { relative_path: 'src', recursive: false })).toContain('main.ts')
    await serena.close()
    expect(isAlive(serena.mark)).toBe(false)
  })

  test.skipIf(!hasLanguageServer())('with a language server that was not downloaded', async () => {
    const project = await makeTypeScriptProject(scope)
    const serena = await startSerena(scope, { project: project.path })
    const overview = await serena.callTool('get_symbols_overview', { relative_path: 'src/greeter.ts' })
    expect(overview).toContain('Greeter')
    expect(markTree(serena.pid).length).toBeGreaterThan(2)
    expect(readFileSync(serena.logFile, 'utf8')).not.toContain('Installing...')
  })

  test('exits when its client is killed', async () => {
    const serena = await startSerena(scope)
    serena.killClient()
    await waitUntil('the Serena to end', () => !isAlive(serena.mark))
  })
})

test.skipIf(!hasSerena('1.7.0'))('real Serena 1.7.0', async () => {
  const project = await makeTypeScriptProject(scope)
  const serena = await startSerena(scope, { version: '1.7.0', project: project.path })
  expect(await serena.callTool('list_dir', { relative_path: '.', recursive: false })).toContain('src')
})
