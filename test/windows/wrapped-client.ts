// A client on Windows that starts a Serena through `wrap`, as a process of its own that can be killed.
import { join } from 'node:path'
import { cliProgram } from '../helpers/backend.ts'
import { type DrivenProgram, startDrivenProgram } from '../helpers/driven-program.ts'
import { markTree, type ProcessMark } from '../helpers/processes.ts'
import type { Scope } from '../helpers/scope.ts'
import {
  makeScriptedSerena,
  type Script,
  type ScriptedCall,
  type ScriptedSerena,
} from '../helpers/scripted-serena.ts'
import { makeTempFolder, projectRoot } from '../helpers/temp-home.ts'
import { waitUntil } from '../helpers/wait-until.ts'
import { ownProcess } from './own-process.ts'

export interface WrappedClient {
  client: DrivenProgram
  serena: ScriptedSerena
  /** The wrapper. */
  wrapper: ProcessMark
  /** The last start of the Serena. */
  serenaMark(): ProcessMark
  /** Sends a tool call and resolves to its answer. */
  call(id: number, args: ScriptedCall): Promise<Record<string, unknown>>
  /** The wrapper and everything below it. */
  tree(): ProcessMark[]
}

export interface WrappedStart {
  script?: Script
  /** Returns the command instead of that of the Serena. */
  command?: (serena: ScriptedSerena) => Promise<readonly string[]> | readonly string[]
  /** A program inherits the client's write end. */
  leaks?: boolean
  env?: NodeJS.ProcessEnv
}

/** Starts client, wrapper and Serena, and exchanges `initialize`; all are killed when the scope ends. */
export async function startWrappedClient(scope: Scope, start: WrappedStart = {}): Promise<WrappedClient> {
  const serena = await makeScriptedSerena(scope, { script: start.script ?? {} })
  const stateFolder = await makeTempFolder(scope, 'state')
  const words = (await start.command?.(serena)) ?? serena.command
  const program = join(projectRoot, 'test', 'fixtures', 'programs', 'pipe-client.mjs')
  const leak = start.leaks ? ['--leak'] : []
  const client = startDrivenProgram(
    scope,
    process.execPath,
    [program, ...leak, '--', process.execPath, cliProgram, 'wrap', '--', ...words],
    {
      cwd: stateFolder,
      env: {
        ...process.env,
        ...serena.env,
        SERENA_DECK_STATE: stateFolder,
        SERENA_DECK_ONLY_HOMES: serena.serenaHome,
        ...start.env,
      },
    },
  )
  const own = (pid: unknown): ProcessMark => ownProcess(scope, pid, client.wrote)
  const hello = await client.said((message) => 'client' in message)
  if (hello['sibling'] !== null) own(hello['sibling'])
  const wrapper = own(hello['pid'])
  client.send({ jsonrpc: '2.0', id: 0, method: 'initialize', params: { protocolVersion: '2025-06-18' } })
  await client.said(({ id }) => id === 0)
  await waitUntil('the start of the Serena', () => serena.starts().length > 0)
  return {
    client,
    serena,
    wrapper,
    serenaMark: () => own(serena.starts().at(-1)),
    call(id, args) {
      client.send({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'write', arguments: args } })
      return client.said((message) => message['id'] === id)
    },
    tree: () => markTree(wrapper.pid).map(({ pid }) => own(pid)),
  }
}
