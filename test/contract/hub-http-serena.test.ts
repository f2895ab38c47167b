// The hub at its URL with a real Serena and the official clients, of both kinds of the protocol.
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startUrlStage, type UrlStage } from '../helpers/hub-url.ts'
import { createScope, type Scope } from '../helpers/scope.ts'
import { serenaProgram, serenaPython } from '../helpers/serena.ts'
import { makeSerenaHome, makeTypeScriptProject, projectRoot } from '../helpers/temp-home.ts'

let scope: Scope
beforeEach(() => {
  scope = createScope()
})
afterEach(() => scope.end())

const VERSION = '2026-07-28'
const TOOL = 'list_memories'
const MEMORY = 'about-the-hub'
const COMMAND = 'serena start-mcp-server --agent-interface tools --enable-web-dashboard false'

async function startReal(): Promise<UrlStage> {
  const { path } = await makeTypeScriptProject(scope)
  const memories = join(path, '.serena', 'memories')
  mkdirSync(memories, { recursive: true })
  writeFileSync(join(memories, `${MEMORY}.md`), 'One Serena for all.\n')
  return startUrlStage(scope, {
    project: path,
    path: dirname(serenaProgram('2.1.0')),
    // From the settings, as a user sets it.
    env: {
      SERENA_HOME: await makeSerenaHome(scope),
      SERENA_DECK_HUB_HTTP: '',
      SERENA_DECK_HUB_HTTP_PORT: '',
    },
    prepare({ port, stateFolder }) {
      const settings = { schema: 1, hubHttp: true, hubHttpPort: port, hubSerenaCommand: COMMAND }
      writeFileSync(join(stateFolder, 'settings.json'), JSON.stringify(settings))
      return Promise.resolve()
    },
  })
}

const addressOf = ({ port, pathSecret, project }: UrlStage, context: string): string =>
  `http://127.0.0.1:${port}/mcp/${pathSecret}/${encodeURIComponent(project)}?context=${context}`

it('serves the official clients of both kinds with one Serena, also after a restart of the hub', async () => {
  const stage = await startReal()
  const modes = ['legacy', 'auto', { pin: VERSION }] as const
  const clients = await Promise.all(
    modes.map(async (mode) => {
      const client = new Client(
        { name: JSON.stringify(mode), version: '1' },
        { versionNegotiation: { mode } },
      )
      await client.connect(new StreamableHTTPClientTransport(new URL(addressOf(stage, 'claude-code'))))
      return client
    }),
  )
  scope.add(async () => {
    for (const client of clients) await client.close()
  })
  expect(clients.map((client) => client.getNegotiatedProtocolVersion())).toEqual([
    '2025-11-25',
    VERSION,
    VERSION,
  ])
  const textsOf = () =>
    Promise.all(
      clients.map(async (client) => {
        const { content } = await client.callTool({ name: TOOL, arguments: {} })
        return content[0]?.type === 'text' ? content[0].text : ''
      }),
    )
  const before = await textsOf()
  expect(before[0]).toContain(MEMORY)
  expect(new Set(before).size).toBe(1)
  const { serenas } = await stage.hub.status()
  expect(serenas).toHaveLength(1)
  expect([serenas[0]?.project?.path, serenas[0]?.context]).toEqual([stage.project, 'claude-code'])
  expect(serenas[0]?.clients.map(({ pid, name }) => [pid, name]).toSorted()).toEqual(
    modes.map((mode) => [null, JSON.stringify(mode)]).toSorted(),
  )
  await stage.restart()
  expect(await textsOf()).toEqual(before)
})

it('serves the official client for Python in both modes', async () => {
  const stage = await startReal()
  const script = join(projectRoot, 'test', 'fixtures', 'programs', 'python_url_client.py')
  const words = [script, addressOf(stage, 'ide'), TOOL, '{}', 'legacy', 'auto']
  const { stdout } = await promisify(execFile)(serenaPython('2.1.0'), words)
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { version: string; tools: string[]; text: string; isError: boolean })
  expect(rows.map(({ version, isError }) => [version, isError])).toEqual([
    ['2025-11-25', false],
    [VERSION, false],
  ])
  expect(rows[0]?.tools).toEqual(rows[1]?.tools)
  expect(rows[0]?.tools).toContain('search_for_pattern')
  expect(rows[0]?.text).toContain(MEMORY)
})
