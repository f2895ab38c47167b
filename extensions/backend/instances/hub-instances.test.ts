// Which instances the hub runs, who uses them, and which are asleep: whatever arrives first, the status or the scan.
import { beforeEach, expect, test } from 'vitest'
import * as z from 'zod/mini'
import type { HubStatus } from '#contract/hub'
import { hubClient, hubSerena, hubStatus } from '#contract/hub.fixture'
import { instanceSchema } from '#contract/instance'
import { instance } from '#contract/instance.fixture'
import { processFact, processTable } from '../os/process-fact.fixture.ts'
import { serenaProcess } from '../serena/serena-process.fixture.ts'
import { findHubHandovers } from './diff.ts'
import { createHubInstances } from './hub-instances.ts'

const hubProcess = processFact({ pid: 900, argv: ['node', '/d/dist/backend/hub.js'] })
const process = processFact({ pid: 7, ppid: 900, argv: ['serena', 'start-mcp-server'] })
const track = { serena: serenaProcess({ process, client: hubProcess }) }
const claude = processFact({ pid: 30, argv: ['claude'] })
const shell = processFact({ pid: 31, ppid: 30, argv: ['sh', '-c', 'serena-deck connect -- serena'] })
const connect = processFact({ pid: 32, ppid: 31, argv: ['node', '/d/dist/backend/connect.js'] })
const running = hubSerena({ state: 'running', pid: 7, clients: [hubClient({ pid: 32 })] })

let hub: HubStatus | null
const everything = () => true
beforeEach(() => {
  hub = hubStatus({ serenas: [running] })
})

test('names the program behind `connect`, and the client as it names itself until then', () => {
  const instances = createHubInstances(() => hub)
  const named = { name: 'claude-code', detail: '/home/ana/shop' }
  expect(instances.useOf(track)).toEqual({ serenaId: 's1', clients: [{ ...named, pid: 32 }] })
  instances.renew(processTable(hubProcess, process, claude, shell, connect))
  expect(instances.useOf(track)?.clients).toEqual([{ ...named, pid: 30, name: 'Claude Code' }])
})

test('a process that the status names is the hub’s only with the hub as its client', () => {
  const instances = createHubInstances(() => hub)
  expect(instances.useOf({ serena: serenaProcess({ process, client: claude }) })).toBe(null)
  hub = null
  expect(instances.useOf(track)).toBe(null)
})

test('knows a Serena by its launcher', () => {
  const launcher = processFact({ pid: 7, argv: ['uvx', 'serena', 'start-mcp-server'] })
  const behind = serenaProcess({
    process: processFact({ pid: 8, ppid: 7 }),
    wrappers: [launcher],
    client: hubProcess,
  })
  expect(createHubInstances(() => hub).useOf({ serena: behind })?.serenaId).toBe('s1')
})

test('lists an instance as asleep once its process has exited, until the next one is found', () => {
  const instances = createHubInstances(() => hub)
  expect(instances.useOf(track)?.serenaId).toBe('s1')
  const idsAfter = (state: Partial<typeof running>, tracks: (typeof track)[]): string[] => {
    hub = hubStatus({ serenas: [{ ...running, ...state }] })
    return instances.sleepers(tracks, everything).map(({ id }) => id)
  }
  expect(idsAfter({}, [track])).toEqual([])
  const [gone = ''] = idsAfter({}, [])
  expect(idsAfter({ state: 'asleep', pid: null }, [track])).toEqual([])
  // Its process still exits: it is the same Serena.
  expect(instances.useOf(track)?.serenaId).toBe('s1')
  const [id = ''] = idsAfter({ state: 'asleep', pid: null }, [])
  expect(id).toMatch(/^hub-[0-9a-f]{12}$/)
  expect(gone).toBe(id)
  expect(idsAfter({ state: 'starting', pid: 9 }, [])).toEqual([id])
  const next = {
    serena: serenaProcess({ process: { ...process, pid: 9, identity: 'b:9:1' }, client: hubProcess }),
  }
  expect(idsAfter({ pid: 9 }, [next])).toEqual([])
})

test('shows an instance that is asleep without a process, and never as a zombie', () => {
  hub = hubStatus({
    serenas: [hubSerena({ clients: [hubClient({ lastCallAt: '2026-11-23T09:00:00.000Z' })] })],
  })
  const [sleeper] = createHubInstances(() => hub).sleepers([], everything)
  expect(z.parse(instanceSchema, sleeper)).toMatchObject({
    pid: null,
    title: 'hub - shop',
    state: 'asleep',
    colour: 'grey',
    owner: { pid: 900, name: 'Serena Deck hub' },
    clients: [{ name: 'claude-code', detail: '/home/ana/shop' }],
    lastActivityAt: '2026-11-23T09:00:00.000Z',
    verdict: {
      evidence: [
        'The hub ended it after 30 min without a tool call to free its memory.',
        'The next call starts it again.',
      ],
    },
  })
  expect(createHubInstances(() => hub).sleepers([], () => false)).toEqual([])
})

test('its tab stays when it falls asleep and when it wakes', () => {
  const owner = { pid: 900, name: 'Serena Deck hub', detail: null }
  const awake = instance(7, { hubSerena: 's1', owner })
  const next = instance(9, { hubSerena: 's1', owner })
  const asleep = instance(0, { id: 'hub-0', pid: null, state: 'asleep', hubSerena: 's1', owner })
  expect(findHubHandovers([awake], [asleep])).toEqual([{ from: awake.id, to: 'hub-0' }])
  expect(findHubHandovers([asleep], [next])).toEqual([{ from: 'hub-0', to: next.id }])
  expect(findHubHandovers([awake], [awake, next])).toEqual([])
  expect(findHubHandovers([awake], [{ ...next, owner: { ...owner, pid: 901 } }])).toEqual([])
})
