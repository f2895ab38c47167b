// `hub status|stop|restart|detach`: the hub from the command line.
import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import type { HubClient, HubSerena, HubStatus } from '#contract/hub'
import { countOf } from '#contract/units'
import { COMMAND_VERSION } from '#contract/versions'
import { visibleLine } from '#contract/visible-text'
import type { DeckSource } from '../access/deck-source.ts'
import { withSource } from '../access/with-source.ts'
import type { Terminal } from '../os/terminal.ts'
import { parseFlags, switchFlag } from './flags.ts'
import { hubText } from './hub-text.ts'

export type HubAction = 'status' | 'stop' | 'restart' | 'detach'

const flagsSchema = z.object({ json: switchFlag, yes: switchFlag })
type Flags = z.output<typeof flagsSchema>

const DONE = 0
const FAILED = 1

/** Runs `hub ACTION`; resolves to the exit code. Errors: `hub-not-running`, `hub-refused`, `instance-not-found`. */
export async function runHub(
  action: HubAction,
  target: string | undefined,
  flags: unknown,
  terminal: Terminal,
): Promise<number> {
  const asked = parseFlags(flagsSchema, flags)
  return withSource(terminal, async (source) => {
    const hub = await source.hub.status()
    if (hub === null) throw new AppError('hub-not-running')
    if (action === 'status') {
      terminal.write(asked.json ? `${JSON.stringify(hub, null, 2)}\n` : hubText(hub, Date.now()))
      return DONE
    }
    return change({ action, ...chosenBy(action, target, hub, terminal.cwd) }, asked, source, terminal)
  })
}

interface Chosen {
  /** Null: the hub, or all of its Serenas. */
  target: string | null
  question: string
  /** What follows for the clients. */
  effect: string
}

async function change(
  { action, target, question, effect }: Chosen & { action: Exclude<HubAction, 'status'> },
  { yes, json }: Flags,
  source: DeckSource,
  terminal: Terminal,
): Promise<number> {
  if (!yes) {
    if (!terminal.canAsk) throw new AppError('wrong-use', { issue: 'Not a terminal: pass --yes.' })
    if (effect !== '') terminal.writeError(`${effect}\n`)
    if (!(await terminal.ask(question))) {
      terminal.writeError('Nothing was changed.\n')
      return FAILED
    }
  }
  const count = await source.hub.control({ action, target })
  terminal.write(
    json
      ? `${JSON.stringify({ schema: COMMAND_VERSION, hub: { action, target, count } })}\n`
      : doneText(action, target, count),
  )
  return DONE
}

function doneText(action: Exclude<HubAction, 'status'>, target: string | null, count: number): string {
  if (action === 'detach') return `Detached ${countOf(count, 'client')}.\n`
  if (action === 'restart') return `Restarted ${countOf(count, 'Serena')}.\n`
  return target === null ? 'The hub has been stopped.\n' : `Stopped ${countOf(count, 'Serena')}.\n`
}

function chosenBy(
  action: Exclude<HubAction, 'status'>,
  target: string | undefined,
  hub: HubStatus,
  cwd: string,
): Chosen {
  if (action === 'detach') {
    const client = findClient(target ?? '', hub)
    return {
      target: client.id,
      question: `Detach ${visibleLine(client.name ?? client.id)}?`,
      effect: "Its session loses Serena's tools until it connects again.",
    }
  }
  const verb = action === 'stop' ? 'Stop' : 'Restart'
  if (target === undefined) {
    const count = hub.serenas.reduce((sum, { clients }) => sum + clients.length, 0)
    const what = action === 'stop' ? 'the hub' : `all ${countOf(hub.serenas.length, 'Serena')}`
    return { target: null, question: `${verb} ${what}?`, effect: effectOn(count) }
  }
  const serena = findSerena(target, hub, cwd)
  const name = `${serena.id} (${visibleLine(serena.project?.name ?? 'no project')})`
  return { target: serena.id, question: `${verb} ${name}?`, effect: effectOn(serena.clients.length) }
}

/** Calls that are running get an error; the next ones start it again. */
const effectOn = (count: number): string =>
  count === 0
    ? ''
    : `${countOf(count, 'client')} ${count === 1 ? 'uses' : 'use'} it: running calls get an error, and the next call starts it again.`

function findClient(target: string, { serenas }: HubStatus): HubClient {
  const found = serenas
    .flatMap(({ clients }) => clients)
    .find(({ id, pid }) => id === target || (pid !== null && String(pid) === target))
  if (!found) throw new AppError('instance-not-found', { target: visibleLine(target) })
  return found
}

/** By its id, pid, or the name or path of its project. */
function findSerena(target: string, { serenas }: HubStatus, cwd: string): HubSerena {
  const path = resolve(cwd, target)
  const found = serenas.filter(
    ({ id, pid, project }) =>
      id === target ||
      (pid !== null && String(pid) === target) ||
      project?.name === target ||
      project?.path === path,
  )
  const [first, ...others] = found
  if (first === undefined) throw new AppError('instance-not-found', { target: visibleLine(target) })
  if (others.length === 0) return first
  const matches = found.map(({ id, context }) => `${id} (${visibleLine(context ?? 'no context')})`).join('; ')
  throw new AppError('target-ambiguous', { target: visibleLine(target), matches })
}
