// Who is connected, by what the sockets say: one entry for each process, and what cannot be seen is one.
import { describe, expect, it } from 'vitest'
import { fact, factsOf } from '../clients/owner.fixture.ts'
import type { OwnerFacts } from '../clients/owner.ts'
import type { NetworkUse } from '../os/network-facts.ts'
import { processTable } from '../os/process-fact.fixture.ts'
import type { ProcessFact } from '../os/process-facts.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import { findSerenas } from '../serena/serena-processes.ts'
import { createNetworkClients } from './network-clients.ts'

const one = (pid: number, line: string, ppid = 1): ProcessFact => fact(line.split('|'), { pid, ppid })

async function renew(
  processes: readonly ProcessFact[],
  uses: Readonly<Record<number, NetworkUse | null>>,
  owner: OwnerFacts | null = null,
) {
  const asked: number[] = []
  const table = processTable(...processes)
  const shown: SerenaProcess[] = findSerenas(table)
  const network = createNetworkClients({
    networkUse: async (all) => {
      asked.push(...all.map(({ pid }) => pid))
      return new Map(all.map(({ pid }) => [pid, uses[pid] ?? null]))
    },
  })
  await network.renew(() => ({ owner: () => owner }), shown, table)
  const [serena] = shown
  return { asked, clients: serena ? network.clientsOf(serena.process.identity) : null, network }
}

const HTTP = 'serena|start-mcp-server|--transport|streamable-http|--port|9121'

describe('the clients of a Serena over HTTP', () => {
  it('are the processes at its MCP port, once each', async () => {
    const processes = [one(50, HTTP), one(60, 'codex'), one(61, 'node|/x/.bin/gemini'), one(62, 'claude')]
    const use = [
      { port: 9121, clients: [61, 60, 61] },
      { port: 24282, clients: [62] },
    ]
    const { clients } = await renew(processes, { 50: use })
    expect(clients).toEqual([
      { pid: 60, name: 'Codex CLI' },
      { pid: 61, name: 'Gemini CLI' },
    ])
  })

  it('names the client behind a bridge', async () => {
    const processes = [
      one(50, HTTP),
      one(59, '/Applications/Claude.app/Contents/MacOS/Claude'),
      one(60, 'node|/x/.bin/mcp-remote|http://127.0.0.1:9121/mcp', 59),
    ]
    const { clients } = await renew(processes, { 50: [{ port: 9121, clients: [60] }] })
    expect(clients).toEqual([{ pid: 60, name: 'Claude Desktop (mcp-remote)' }])
  })

  it('are one entry where they are not visible, none where none is connected, and unknown where the sockets cannot be read', async () => {
    const of = async (use: NetworkUse | null) => (await renew([one(50, HTTP)], { 50: use })).clients
    expect(await of([{ port: 9121, clients: [null, null] }])).toEqual([
      { name: 'a process that is not visible' },
    ])
    expect(await of([{ port: 9121, clients: [] }])).toEqual([])
    expect(await of(null)).toBeNull()
  })

  it('are those of port 8000 where none is named', async () => {
    const processes = [one(50, 'serena|start-mcp-server|--transport|sse'), one(60, 'codex')]
    const { clients } = await renew(processes, { 50: [{ port: 8000, clients: [60] }] })
    expect(clients).toEqual([{ pid: 60, name: 'Codex CLI' }])
  })
})

it('reads no sockets when there is no server and no bridge', async () => {
  const owner = factsOf({ chain: ['claude'] })
  const { asked, clients } = await renew([one(50, 'serena|start-mcp-server')], {}, owner)
  expect([asked, clients]).toEqual([[], null])
})

it('gives an owner the port and the connections of its bridge', async () => {
  const owner = factsOf({ chain: ['mcpo|--port|8001|--|serena|start-mcp-server'] })
  const use = [{ port: 8001, clients: [60, 60, null] }]
  const { asked, network } = await renew(
    [one(50, 'serena|start-mcp-server')],
    { [owner.client.pid]: use },
    owner,
  )
  expect(asked).toEqual([owner.client.pid])
  expect(network.withBridge(owner)?.bridge).toEqual({ port: 8001, connections: 3 })
  const other = factsOf({ chain: ['claude'] })
  expect(network.withBridge(other)).toBe(other)
})
