// Desktop notifications for new zombies.
import { createEffect, on } from 'solid-js'
import type { Instance } from '#contract/instance'
import { formatBytes } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import type { DesktopNotifications } from '../../platform/platform.ts'
import { summarize } from '../../state/deck-summary.ts'
import { mainReason } from '../../state/instance-words.ts'
import { type KnownZombies, newZombies } from '../../state/new-zombies.ts'

/** More zombies that appear at once are one notification, which names the first of them. */
const MAX_NAMED = 5

export interface ZombieNotificationsInput {
  /** Undefined: this shell has no notifications. */
  notifications: DesktopNotifications | undefined
  isOn: () => boolean
  /** Null: the backend has not sent a list yet. */
  instances: () => readonly Instance[] | null
  /** Opens a tab; null: All. */
  open: (id: string | null) => void
}

/** Watches until the owner is disposed. Zombies found while notifications are off are not shown later. */
export function watchZombies({ notifications, isOn, instances, open }: ZombieNotificationsInput): void {
  let known: KnownZombies = null
  createEffect(
    on(instances, (list) => {
      if (list === null) return
      const { fresh, known: next } = newZombies(known, list)
      known = next
      if (!isOn() || !notifications) return
      const [first, ...others] = fresh
      if (first === undefined) return
      if (others.length === 0) notifications.show({ ...textOf(first), onOpen: () => open(first.id) })
      else notifications.show({ ...summaryOf(fresh), onOpen: () => open(null) })
    }),
  )
}

interface NotificationText {
  key: string
  title: string
  text: string
}

function textOf(instance: Instance): NotificationText {
  const { id, title, state, memoryBytes } = instance
  const memory = memoryBytes === null ? '' : ` It uses ${formatBytes(memoryBytes)}.`
  return { key: id, title: `${visibleLine(title)}: ${state}`, text: `${mainReason(instance)}${memory}` }
}

const summaryOf = (fresh: readonly Instance[]): NotificationText => ({
  key: 'several',
  title: `${fresh.length} new zombies`,
  text: namesOf(fresh),
})

function namesOf(fresh: readonly Instance[]): string {
  const names = fresh.slice(0, MAX_NAMED).map(({ title }) => visibleLine(title))
  const more = fresh.length - names.length
  const { memoryBytes } = summarize(fresh)
  const memory = memoryBytes === null ? '' : ` They use ${formatBytes(memoryBytes)}.`
  return `${[...names, ...(more > 0 ? [`${more} more`] : [])].join(', ')}.${memory}`
}
