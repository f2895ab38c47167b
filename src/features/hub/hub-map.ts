// The hub as a map: programs at the left, Serenas at the right, a link for what connects them. Pure.
import { type HubClient, type HubSerena, type HubStatus, RECENT_MS } from '#contract/hub'
import type { Instance } from '#contract/instance'
import { countOf, formatBytes } from '#contract/units'
import { markOf, namedClients, projectWords } from '../../state/hub-words.ts'

export interface MapProgram {
  name: string
  clients: readonly HubClient[]
  words: string
  /** Middle, in CSS pixels. */
  y: number
}

export interface MapSerena {
  serena: HubSerena
  name: string
  mark: ReturnType<typeof markOf>
  words: string
  y: number
}

export interface MapLink {
  program: string
  serenaId: string
  fromY: number
  toY: number
  /** In CSS pixels. */
  width: number
  /** Calls run or wait now. */
  isBusy: boolean
  isAsleep: boolean
}

export interface HubMap {
  programs: readonly MapProgram[]
  serenas: readonly MapSerena[]
  links: readonly MapLink[]
  height: number
}

export const SERENA_PX = 44
const SERENA_GAP_PX = 8
export const PROGRAM_PX = 40
const PROGRAM_GAP_PX = 8

interface Named {
  name: string
  client: HubClient
  serena: HubSerena
}

/** Returns the map; `instances`: those of the list, which know the programs of the clients. */
export function hubMap(hub: HubStatus, instances: readonly Instance[]): HubMap {
  const instanceOf = ({ id }: HubSerena): Instance | undefined =>
    instances.find(({ hubSerena }) => hubSerena === id)
  const named: Named[] = hub.serenas.flatMap((serena) =>
    namedClients(serena, instanceOf(serena)).map(({ name, client }) => ({ name, client, serena })),
  )
  const names = [...new Set(named.map(({ name }) => name))]
  const height = Math.max(
    hub.serenas.length * (SERENA_PX + SERENA_GAP_PX),
    names.length * (PROGRAM_PX + PROGRAM_GAP_PX),
  )
  const serenaYs = middles(hub.serenas.length, SERENA_PX + SERENA_GAP_PX, height)
  const serenas = hub.serenas.map((serena, at) => ({
    serena,
    name: projectWords(serena),
    mark: markOf(serena, instanceOf(serena)),
    words: serenaWords(serena),
    y: serenaYs[at] ?? 0,
  }))
  const yOf = (id: string): number => serenas.find(({ serena }) => serena.id === id)?.y ?? 0
  const programYs = middles(names.length, PROGRAM_PX + PROGRAM_GAP_PX, height)
  const programs = names
    .map((name) => ({ name, all: named.filter((one) => one.name === name) }))
    // Near its Serenas, so that few links cross.
    .sort(
      (a, b) => mean(a.all.map((one) => yOf(one.serena.id))) - mean(b.all.map((one) => yOf(one.serena.id))),
    )
    .map(({ name, all }, at) => {
      const clients = all.map(({ client }) => client)
      return { name, clients, words: programWords(clients), y: programYs[at] ?? 0 }
    })
  return { programs, serenas, links: linksOf(named, programs, yOf), height }
}

function linksOf(
  named: readonly Named[],
  programs: readonly MapProgram[],
  yOf: (serenaId: string) => number,
): MapLink[] {
  const keys = new Set(named.map(({ name, serena }) => `${serena.id} ${name}`))
  return [...keys].flatMap((key) => {
    const all = named.filter(({ name, serena }) => `${serena.id} ${name}` === key)
    const [first] = all
    const program = programs.find(({ name }) => name === first?.name)
    if (!first || !program) return []
    const clients = all.map(({ client }) => client)
    return {
      program: program.name,
      serenaId: first.serena.id,
      fromY: program.y,
      toY: yOf(first.serena.id),
      width: linkWidth(callsPerMinute(clients)),
      isBusy: clients.some(({ running, waiting }) => running + waiting > 0),
      isAsleep: first.serena.state !== 'running' && first.serena.state !== 'starting',
    }
  })
}

/** Returns the middles of that many rows, which together stand in the middle of the height. */
function middles(count: number, rowPx: number, height: number): number[] {
  const top = (height - count * rowPx) / 2
  return Array.from({ length: count }, (_, at) => top + (at + 0.5) * rowPx)
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/** Returns the calls per minute of the last five minutes; null: a hub of an earlier version does not count them. */
function callsPerMinute(clients: readonly HubClient[]): number | null {
  const counts = clients.map(({ recentCalls }) => recentCalls).filter((count) => count !== undefined)
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0) / (RECENT_MS / 60_000)
}

/** 1.5 px without calls, 8 px at 16 calls per minute and more. */
const linkWidth = (perMinute: number | null): number => 1.5 + Math.min(6.5, Math.sqrt(perMinute ?? 0) * 1.625)

/** Returns `6.2 calls/min`; null: there are none, or they are not counted. */
function rateWords(clients: readonly HubClient[]): string | null {
  const perMinute = callsPerMinute(clients)
  if (!perMinute) return null
  const rounded = perMinute < 10 ? Math.round(perMinute * 10) / 10 : Math.round(perMinute)
  return `${rounded} calls/min`
}

/** Returns `1 running, 2 waiting`; null: there are none. */
function queueWords(clients: readonly HubClient[]): string | null {
  const running = clients.reduce((sum, one) => sum + one.running, 0)
  const waiting = clients.reduce((sum, one) => sum + one.waiting, 0)
  const parts = [running > 0 ? `${running} running` : '', waiting > 0 ? `${waiting} waiting` : '']
  return parts.filter((part) => part !== '').join(', ') || null
}

const joined = (parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null).join(' · ')

const programWords = (clients: readonly HubClient[]): string =>
  joined([
    rateWords(clients) ?? 'no calls in 5 min',
    clients.length > 1 ? `${clients.length} sessions` : null,
  ])

function serenaWords({ state, clients, memoryBytes, fault }: HubSerena): string {
  if (state === 'failed') return fault ?? 'failed'
  if (state === 'asleep') return 'no memory while asleep'
  if (state === 'stopped') return 'starts with the first call'
  const saved = (memoryBytes ?? 0) * (clients.length - 1)
  return joined([
    queueWords(clients) ?? (clients.length === 0 ? 'no client' : countOf(clients.length, 'client')),
    saved > 0 ? `saves ${formatBytes(saved)}` : null,
  ])
}

/** Returns what the map shows, in a sentence. */
export function mapWords(hub: HubStatus, { programs, serenas }: HubMap): string {
  const clients = programs.flatMap((program) => program.clients)
  const asleep = hub.serenas.filter(({ state }) => state === 'asleep').length
  return joined([
    `${countOf(clients.length, 'client')} on ${countOf(serenas.length, 'Serena')}`,
    asleep > 0 ? `${asleep} asleep` : null,
    rateWords(clients),
    queueWords(clients),
    hub.savedBytes ? `${formatBytes(hub.savedBytes)} saved by sharing` : null,
  ])
}

/** Returns the map as a table: one row per client, and one per Serena without clients. */
export function mapRows({ programs, serenas }: HubMap): string[][] {
  const programOf = (client: HubClient): string =>
    programs.find(({ clients }) => clients.includes(client))?.name ?? ''
  return [
    ['Serena', 'State', 'Memory', 'Client', 'Folder', 'Calls per minute', 'Running', 'Waiting'],
    ...serenas.flatMap(({ name, mark, serena }) => {
      const head = [name, mark.word, serena.memoryBytes === null ? '' : formatBytes(serena.memoryBytes)]
      if (serena.clients.length === 0) return [[...head, '', '', '', '', '']]
      return serena.clients.map((client) => [
        ...head,
        programOf(client),
        client.folder ?? '',
        String(callsPerMinute([client]) ?? ''),
        String(client.running),
        String(client.waiting),
      ])
    }),
  ]
}
