// The official clients through `connect`: they work as with a Serena of their own, and share one.
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { startDrivenProgram } from '../helpers/driven-program.ts'
import { connectProgram, startTestHub } from '../helpers/hub.ts'
import { hasSerena, serenaProgram, serenaPython } from '../helpers/serena.ts'
import { makeSerenaHome, makeTypeScriptProject, projectRoot } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'

const scope = scopePerTest()
const programs = join(projectRoot, 'test', 'fixtures', 'programs')
const python = (version: '2.1.0' | '1.7.0' | '1.0.0'): readonly [string, ...string[]] => [
  serenaPython(version),
  join(programs, 'python_sdk_client.py'),
]
/** TypeScript 2.4.0, and the Python clients that these Serenas bring. */
const CLIENTS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  typescript: [process.execPath, join(programs, 'node-client.mjs')],
  'python, mcp 2.2.0': python('2.1.0'),
  'python, mcp 1.28.1': python('1.7.0'),
}

describe.skipIf(!hasSerena('2.1.0') || !hasSerena('1.7.0'))('official clients', () => {
  test('work through connect, all with one Serena', async () => {
    const { path: cwd } = await makeTypeScriptProject(scope)
    const serenaHome = await makeSerenaHome(scope)
    const hub = await startTestHub(scope)
    const env = {
      ...process.env,
      HOME: serenaHome,
      PATH: `${dirname(serenaProgram('2.1.0'))}:${process.env['PATH'] ?? ''}`,
      SERENA_HOME: serenaHome,
      SERENA_USAGE_REPORTING: 'false',
      SERENA_DECK_STATE: hub.stateFolder,
    }
    const serena = [
      serenaProgram('2.1.0'),
      'start-mcp-server',
      '--project-from-cwd',
      '--agent-interface',
      'tools',
    ]
    const connect = [process.execPath, connectProgram, '--', ...serena, '--open-web-dashboard', 'false']
    const clients = Object.entries(CLIENTS).map(([name, [file, ...args]]) => ({
      name,
      program: startDrivenProgram(scope, file, [...args, '--', ...connect], { cwd, env }),
    }))
    for (const { name, program } of clients) {
      await program.said((message) => message['ready'] === true, 90_000)
      for (let id = 1; id <= 10; id++)
        program.send({
          id,
          tool: 'find_file',
          args: { file_mask: '*.ts', relative_path: '.', session: name },
        })
      program.send({ id: 11, tool: 'no_such_tool', args: {} })
    }
    for (const { name, program } of clients) {
      for (let id = 1; id <= 10; id++) {
        const answer = await program.said((message) => message['id'] === id)
        expect(answer, name).toMatchObject({ isError: false })
        expect(answer['text'], name).toContain('src/greeter.ts')
      }
      expect(await program.said((message) => message['id'] === 11), name).toMatchObject({ isError: true })
    }
    const { clients: shown, state } = await hub.serena()
    expect(state).toBe('running')
    expect(shown).toHaveLength(clients.length)
    for (const { program } of clients) await program.close()
    await hub.until('no client', ({ serenas }) => serenas.every((one) => one.clients.length === 0))
  }, 240_000)
})
