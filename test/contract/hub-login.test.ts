// The backend, which a login starts, starts the hub for the clients that use its URL.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hubStatusSchema } from '#contract/hub'
import { startBackend } from '../helpers/backend.ts'
import { runCli } from '../helpers/cli.ts'
import { freePort } from '../helpers/serena.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()

async function placeWith(
  settings: string,
): Promise<{ home: string; stateFolder: string; env: NodeJS.ProcessEnv; port: number }> {
  const [home, stateFolder] = [await makeTempFolder(scope, 'home'), await makeTempFolder(scope, 'state')]
  await writeFile(join(home, 'serena_config.yml'), settings)
  const port = await freePort()
  const env = {
    ...process.env,
    SERENA_HOME: home,
    SERENA_DECK_ONLY_HOMES: home,
    SERENA_DECK_STATE: stateFolder,
    SERENA_DECK_HUB_HTTP_PORT: String(port),
  }
  scope.add(async () => void (await runCli(['hub', 'stop', '--yes'], { env })))
  return { home, stateFolder, env, port }
}

test('with hub_http: true, and not a second one', async () => {
  const { home, stateFolder, env, port } = await placeWith('hub_http: true\n')
  const backend = await startBackend(scope, { homes: [home], stateFolder, env })
  const hub = await waitUntil('the URL of the hub', async () => {
    await backend.call('sweep')
    const { hub: status } = await backend.call('hub')
    return status?.httpUrl ? status : null
  })
  expect(hub.httpUrl).toBe(`http://127.0.0.1:${port}/mcp/`)
  await runCli(['serve', '--stop'], { env: backend.env })
  const next = await startBackend(scope, { homes: [home], stateFolder, env })
  await next.call('sweep')
  expect((await next.call('hub')).hub?.pid).toBe(hub.pid)
})

test('not without it', async () => {
  const { home, stateFolder, env } = await placeWith('hub_http: false\n')
  const backend = await startBackend(scope, { homes: [home], stateFolder, env })
  await backend.call('sweep')
  await backend.call('sweep')
  const { stdout } = await runCli(['hub', 'status', '--json'], { env })
  expect(hubStatusSchema.safeParse(JSON.parse(stdout || 'null')).success).toBe(false)
})
