// Actions of a user on the hub.
import type { Hub } from './hub.ts'
import type { Entry } from './kept-serenas.ts'
import type { ControlHello, ControlResult } from './protocol.ts'

export interface ControlDeps {
  hub: Hub
  /** Ends the hub with its Serenas. */
  end(): void
  /** Ends the hub as soon as no call is running. */
  retire(): void
}

/** Performs one action; the result counts the Serenas or clients concerned. */
export async function controlHub(
  { action, target }: Pick<ControlHello, 'action' | 'target'>,
  { hub, end, retire }: ControlDeps,
): Promise<ControlResult> {
  if (action === 'retire') {
    retire()
    return { done: true, count: hub.sessions().length }
  }
  if (action === 'detach') {
    const session = hub.sessions().find(({ id }) => id === target)
    if (!session) return { done: false, why: `The hub has no client ${target ?? ''}.` }
    session.disconnect('exit')
    return { done: true, count: 1 }
  }
  const chosen = hub.serenas().filter(({ id }) => target === null || id === target)
  if (target !== null && chosen.length === 0) return { done: false, why: `The hub has no Serena ${target}.` }
  const running = chosen.filter(({ serena }) => serena.life.child() !== null)
  if (action === 'stop' && target === null) end()
  else await endAll(hub, running, action === 'restart')
  return { done: true, count: running.length }
}

async function endAll(hub: Hub, entries: readonly Entry[], isRestart: boolean): Promise<void> {
  await hub.end(entries, 'asleep')
  if (isRestart) for (const { serena } of entries) serena.life.wake()
}
