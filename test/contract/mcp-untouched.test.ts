// No part of the product uses MCP itself to see whether a Serena is well: each request to `/mcp` costs a session.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startBackend } from '../helpers/backend.ts'
import { startHubStage } from '../helpers/hub-stage.ts'
import { startRawClient } from '../helpers/raw-client.ts'
import { freePort } from '../helpers/serena.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const scope = scopePerTest()
const SCANS = 5

/** A Serena over HTTP that prints each connection, and answers it with an error. */
const HTTP_SERENA = `const at = process.argv.indexOf('--port') + 1
require('node:http')
  .createServer((request, response) => {
    console.log('request ' + request.url)
    response.writeHead(404).end()
  })
  .on('connection', () => console.log('connection'))
  .listen(Number(process.argv[at]), '127.0.0.1', () => console.log('ready'))
`

test('the port of a Serena over HTTP gets no connection from the deck', async () => {
  const folder = await makeTempFolder(scope, 'http')
  const program = join(folder, 'serena')
  await writeFile(program, HTTP_SERENA)
  const port = await freePort()
  const args = ['start-mcp-server', '--transport', 'streamable-http', '--port', String(port)]
  const env = { ...process.env, SERENA_HOME: folder }
  const serena = startRawClient(scope, [process.execPath, program, ...args], { cwd: folder, env })
  await waitUntil('its port', () => serena.lines().includes('ready'))
  const backend = await startBackend(scope, { homes: [folder] })
  for (let scan = 0; scan < SCANS; scan++) {
    const { instances } = await backend.call('sweep')
    expect(instances.map(({ pid, transport }) => [pid, transport])).toEqual([
      [serena.mark.pid, 'streamable-http'],
    ])
  }
  expect(serena.lines()).toEqual(['ready'])
})

test('a Serena of the hub gets no message while its clients are silent', async () => {
  const stage = await startHubStage(scope)
  const a = await stage.open()
  await a.call('read', { text: 'only' })
  await waitUntil('the lists', () => stage.serena.lines().some((line) => line.includes('templates/list')))
  const before = stage.serena.lines().length
  const backend = await startBackend(scope, {
    homes: [stage.serena.serenaHome],
    stateFolder: stage.hub.stateFolder,
  })
  for (let scan = 0; scan < SCANS; scan++) {
    const { instances } = await backend.call('sweep')
    expect(instances.map(({ hubSerena }) => hubSerena)).toEqual(['s1'])
    await a.ping()
  }
  expect(stage.serena.lines()).toHaveLength(before)
})
