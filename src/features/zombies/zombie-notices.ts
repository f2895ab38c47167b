// Tells of new zombies on the desktop, where the person wants that.
import { createEffect, on } from 'solid-js'
import type { Instance } from '#contract/instance'
import { formatBytes } from '#contract/units'
import type { DesktopNotices } from '../../platform/platform.ts'
import { type KnownZombies, newZombies } from '../../state/new-zombies.ts'
import { reason, shown } from '../instance-words.ts'

/** More at once are one notice. */
const AT_ONCE = 3

export interface ZombieNoticesInput {
  /** Undefined: this shell has none. */
  notices: DesktopNotices | undefined
  isOn: () => boolean
  /** Null: the list is not the backend's yet. */
  instances: () => readonly Instance[] | null
  /** Opens a tab; null: All. */
  open: (id: string | null) => void
}

/** Watches until the owner is disposed. What turns red while it is off is never told of later. */
export function watchZombies({ notices, isOn, instances, open }: ZombieNoticesInput): void {
  let known: KnownZombies = null
  createEffect(
    on(instances, (list) => {
      if (list === null) return
      const { fresh, known: next } = newZombies(known, list)
      known = next
      if (!isOn() || !notices) return
      if (fresh.length > AT_ONCE) notices.show({ ...inSum(fresh), onOpen: () => open(null) })
      else for (const one of fresh) notices.show({ ...inWords(one), onOpen: () => open(one.id) })
    }),
  )
}

function inWords(instance: Instance): { key: string; title: string; text: string } {
  const { id, title, state, memoryBytes } = instance
  const memory = memoryBytes === null ? '' : ` It holds ${formatBytes(memoryBytes)}.`
  return { key: id, title: `${shown(title)}: ${state}`, text: `${reason(instance)}${memory}` }
}

const inSum = (fresh: readonly Instance[]): { key: string; title: string; text: string } => ({
  key: 'several',
  title: `${fresh.length} new zombies`,
  text: fresh.map(({ title }) => shown(title)).join(', '),
})
