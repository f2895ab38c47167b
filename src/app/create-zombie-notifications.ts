// Desktop notifications for new zombies, and their switch.
import { watchZombies } from '../features/zombies/zombie-notifications.ts'
import type { Platform } from '../platform/platform.ts'
import type { DeckStore } from '../state/deck-store.ts'
import type { PreferenceStore } from '../state/preferences.ts'
import { ALL } from '../state/tab-selection.ts'
import type { Announcer } from './create-announcer.ts'

export interface NotificationSwitch {
  /** Null: no desktop notifications in this shell. */
  isOn(): boolean | null
  set(isOn: boolean): Promise<void>
}

export function createZombieNotifications({
  deck,
  platform: { notifications },
  preferences,
  announcer,
}: {
  deck: DeckStore
  platform: Platform
  preferences: PreferenceStore
  announcer: Announcer
}): NotificationSwitch {
  watchZombies({
    notifications,
    isOn: () => preferences.current().notifies,
    instances: () => (deck.state.sweptAt !== null && !deck.isCached() ? deck.state.instances : null),
    open: (id) => deck.select(id ?? ALL),
  })
  return {
    isOn: () => (notifications ? preferences.current().notifies : null),
    async set(isOn) {
      const isAllowed = !isOn || (await notifications?.allow()) === true
      preferences.change({ notifies: isOn && isAllowed })
      if (!isAllowed)
        announcer.announce(
          'The browser blocks notifications. Allow them for this page in the browser settings.',
        )
      else announcer.announce(isOn ? 'Desktop notifications are on.' : 'Desktop notifications are off.')
    },
  }
}
