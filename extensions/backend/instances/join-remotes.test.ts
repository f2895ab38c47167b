// A bridge into a container and the Serena there: one row, and which.
import { describe, expect, it } from 'vitest'
import { processFact, processTable } from '../os/process-fact.fixture.ts'
import type { ContainerFact, ProcessFact } from '../os/process-facts.ts'
import type { SerenaProcess } from '../serena/serena-process.ts'
import { findSerenas } from '../serena/serena-processes.ts'
import { joinRemotes } from './join-remotes.ts'
import type { RemotePlace } from './remote-memory.ts'

const ID = '3f9c2a7d'.repeat(8)
const process = (pid: number, ppid: number, line: string) => processFact({ pid, ppid, argv: line.split(' ') })
const SERVER = 'serena start-mcp-server --context ide'
const client = process(10, 1, 'claude')
const shim = process(30, 1, '/usr/bin/containerd-shim-runc-v2 -id x')
const container: ContainerFact = { program: 'docker', id: ID, name: null }

interface Case {
  docker: string
  inner?: string
  above?: ProcessFact
  fact?: ContainerFact
  containerId?: string
  more?: ProcessFact[]
}

function joined({
  docker,
  inner = `python ${SERVER}`,
  above = shim,
  fact = container,
  containerId,
  more = [],
}: Case): {
  found: SerenaProcess[]
  all: SerenaProcess[]
} {
  const table = processTable(client, process(20, 10, docker), above, process(31, 30, inner), ...more)
  const places = new Map<string, RemotePlace>([
    ['boot:20:1', { container: null, containerId: containerId ?? null }],
    ['boot:31:1', { container: fact, containerId: null }],
    ...more.map(({ identity }): [string, RemotePlace] => [
      identity,
      { container: { ...fact, id: 'f'.repeat(64) }, containerId: null },
    ]),
  ])
  const all = findSerenas(table)
  return { all, found: joinRemotes(all, (identity) => places.get(identity) ?? null, table) }
}
const pids = (serenas: readonly SerenaProcess[]): number[] => serenas.map(({ process: { pid } }) => pid)

describe('a proven pair is the Serena, with the client of its bridge', () => {
  it.each<[string, Case]>([
    [
      'the id in the file of --cidfile',
      { docker: `docker run -i --cidfile /x img ${SERVER}`, containerId: ID },
    ],
    [
      'the name that docker keeps',
      { docker: `docker run -i --name box img ${SERVER}`, fact: { ...container, name: 'box' } },
    ],
    ['the beginning of the id', { docker: `docker exec -i ${ID.slice(0, 12)} ${SERVER}` }],
    [
      "the name at podman's monitor",
      {
        docker: `podman run -i --name box img ${SERVER}`,
        above: process(30, 1, `/usr/bin/conmon --api-version 1 -c ${ID} -n box`),
      },
    ],
  ])('%s', (_, given) => {
    const { all, found } = joined(given)
    expect(pids(all)).toEqual([20, 31])
    expect(pids(found)).toEqual([31])
    expect(found[0]).toMatchObject({
      client: { pid: 10 },
      remote: { process: { pid: 20 } },
      isLauncherOnly: false,
    })
  })
})

describe('an unproven pair', () => {
  it('is the bridge alone where all signs agree', () => {
    expect(pids(joined({ docker: `docker run -i img ${SERVER}` }).found)).toEqual([20])
  })

  it.each<[string, Case]>([
    ['another command', { docker: `docker run -i img ${SERVER}`, inner: 'python serena start-mcp-server' }],
    [
      'two that it may be',
      { docker: `docker run -i img ${SERVER}`, more: [process(32, 30, `python ${SERVER}`)] },
    ],
    [
      'another container',
      { docker: `docker run -i --cidfile /x img serena start-mcp-server`, containerId: 'e'.repeat(64) },
    ],
  ])('is two where they do not: %s', (_, given) => {
    const { all, found } = joined(given)
    expect(found).toEqual(all)
  })
})

describe('a Serena below its bridge', () => {
  it('is one instance, and knows its bridge', () => {
    const table = processTable(
      client,
      process(20, 10, `sh /opt/bin/docker run -i --name box img ${SERVER}`),
      process(21, 20, `unshare -p -f ${SERVER}`),
      process(22, 21, `python ${SERVER}`),
    )
    const found = joinRemotes(findSerenas(table), () => null, table)
    expect(pids(found)).toEqual([22])
    expect(found[0]?.remote).toMatchObject({ bridge: { target: 'box' }, process: { pid: 20 } })
  })

  it('is a row of its own without one', () => {
    const table = processTable(
      client,
      process(20, 10, `ssh far ${SERVER}`),
      process(22, 10, `python ${SERVER}`),
    )
    const found = joinRemotes(findSerenas(table), () => null, table)
    expect(found.map(({ isLauncherOnly, remote }) => [isLauncherOnly, remote?.bridge.place])).toEqual([
      [true, 'machine'],
      [false, undefined],
    ])
  })
})
