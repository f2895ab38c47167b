// The Serenas of the hub and their clients in words. Pure.
import type { HubClient, HubSerena, HubStatus } from '#contract/hub'
import { type Colour, type Instance, STATE_COLOUR } from '#contract/instance'
import { STATE_SHAPES } from '#contract/instance-marks'
import { countOf, formatSpan } from '#contract/units'
import { visibleLine } from '#contract/visible-text'

export interface NamedClient {
  client: HubClient
  /** Its program if that is visible, otherwise as it names itself. */
  name: string
}

/** Returns the clients of a Serena with their names; `instance`: the same Serena in the list, which knows the programs. */
export function namedClients({ clients }: HubSerena, instance: Instance | undefined): NamedClient[] {
  const known = instance?.clients ?? []
  // The list is a moment behind when a client has joined or left.
  const isSame = known.length === clients.length
  return clients.map((client, at) => ({
    client,
    name: visibleLine((isSame ? known[at]?.name : null) ?? client.name ?? 'a client'),
  }))
}

/** Returns the Serena of the hub that an instance is; undefined: the hub does not run it. */
export const serenaOf = (hub: HubStatus | null, { hubSerena }: Instance): HubSerena | undefined =>
  hub?.serenas.find(({ id }) => id === hubSerena)

/** Returns the project's name, or why there is none. */
export const projectWords = ({ project }: HubSerena): string =>
  project === null ? 'NO PROJECT' : visibleLine(project.name)

interface SerenaMark {
  shape: (typeof STATE_SHAPES)[keyof typeof STATE_SHAPES]
  tone: Colour
  word: string
}

const MARKS: Readonly<Record<HubSerena['state'], SerenaMark>> = {
  stopped: { shape: 'ring', tone: 'grey', word: 'not started' },
  starting: { shape: 'dashes', tone: 'blue', word: 'starting' },
  running: { shape: 'full', tone: 'green', word: 'running' },
  asleep: { shape: 'moon', tone: 'grey', word: 'asleep' },
  failed: { shape: 'cross', tone: 'red', word: 'failed' },
}

/** Returns the mark of a Serena: that of its instance while it runs, which says whether it answers. */
export function markOf({ state }: HubSerena, instance: Instance | undefined): SerenaMark {
  if (state !== 'running' || instance === undefined || instance.state === 'asleep') return MARKS[state]
  return {
    shape: STATE_SHAPES[instance.state],
    tone: STATE_COLOUR[instance.state],
    word: instance.state,
  }
}

/** Returns `1 call running, 2 waiting`; null: there is none. */
export function callWords({ running, waiting }: Pick<HubClient, 'running' | 'waiting'>): string | null {
  if (running === 0) return waiting === 0 ? null : `${countOf(waiting, 'call')} waiting`
  return `${countOf(running, 'call')} running${waiting === 0 ? '' : `, ${waiting} waiting`}`
}

/** Returns `sleeps after 30 min without a call`; null: it never sleeps, or is not running. */
export const sleepWords = ({ state, idleShutdownMinutes }: HubSerena): string | null =>
  state !== 'running' || idleShutdownMinutes === null
    ? null
    : `sleeps after ${formatSpan(idleShutdownMinutes * 60_000)} without a call`

/** Returns how many clients all Serenas of the hub have together. */
export const clientCount = ({ serenas }: HubStatus): number =>
  serenas.reduce((sum, { clients }) => sum + clients.length, 0)
