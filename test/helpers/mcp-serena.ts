// A Serena that speaks MCP over stdio and has no dashboard, and clients that reach it through the built `connect`.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cliProgram } from './backend.ts'
import { type DrivenProgram, startDrivenProgram } from './driven-program.ts'
import type { Scope } from './scope.ts'
import { makeTempFolder } from './temp-home.ts'

/** Each tool answers the pid of its process. */
const PROGRAM = `
const lines = require('readline').createInterface({ input: process.stdin })
const results = {
  initialize: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'Serena', version: '2.1.0' } },
  'tools/list': { tools: [{ name: 'pid', inputSchema: { type: 'object' } }] },
  'tools/call': { content: [{ type: 'text', text: String(process.pid) }] },
}
lines.on('line', (line) => {
  const { id, method } = JSON.parse(line)
  if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: results[method] ?? {} }) + '\\n')
})
lines.on('close', () => process.exit(0))
`

/** Writes the program; returns the command that starts it in this project. */
export async function writeMcpSerena(scope: Scope, project: string): Promise<readonly string[]> {
  const program = join(await makeTempFolder(scope, 'mcp-serena'), 'serena')
  await writeFile(program, PROGRAM)
  return [process.execPath, program, 'start-mcp-server', '--context', 'claude-code', '--project', project]
}

export interface ConnectedClient {
  program: DrivenProgram
  /** Calls the tool; resolves to the pid of the Serena that answered. */
  call(): Promise<number>
}

/** Starts `connect`, and initializes its connection. */
export async function startConnectedClient(
  scope: Scope,
  command: readonly string[],
  { env, cwd, flags = [] }: { env: NodeJS.ProcessEnv; cwd: string; flags?: readonly string[] },
): Promise<ConnectedClient> {
  const words = [cliProgram, 'connect', ...flags, '--', ...command]
  const program = startDrivenProgram(scope, process.execPath, words, { cwd, env })
  let id = 0
  const request = (method: string, params: object): Promise<Record<string, unknown>> => {
    const own = ++id
    program.send({ jsonrpc: '2.0', id: own, method, params })
    return program.said((message) => message['id'] === own, 30_000)
  }
  await request('initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'test-client', version: '1' },
  })
  program.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
  await request('tools/list', {})
  return {
    program,
    async call() {
      const { result } = await request('tools/call', { name: 'pid', arguments: {} })
      return Number((result as { content: { text: string }[] }).content[0]?.text)
    },
  }
}
