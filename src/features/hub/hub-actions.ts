// The actions on the hub: each asks first.
import type { HubClient, HubSerena, HubStatus } from '#contract/hub'
import { countOf } from '#contract/units'
import { clientCount, projectWords } from '../../state/hub-words.ts'
import type { PageContext } from '../../state/page-context.ts'

export interface HubActions {
  detach(client: HubClient, name: string): void
  stop(serena: HubSerena): void
  restart(serena: HubSerena): void
  stopHub(hub: HubStatus): void
}

export const hubActions = (page: PageContext): HubActions => ({
  detach: ({ id }, name) =>
    page.open({
      kind: 'confirm',
      title: `Detach ${name}?`,
      text: "Its session loses Serena's tools until it connects again. The Serena keeps running for the other clients.",
      action: 'Detach',
      run: async () => {
        await page.backend.call('detachClient', { body: { client: id } })
        page.changed(`${name} was detached.`)
      },
    }),
  stop: (serena) =>
    page.open({
      kind: 'confirm',
      title: `Stop the Serena of ${projectWords(serena)}?`,
      text: `${effectOn(serena.clients.length)} The next call starts it again.`,
      action: 'Stop',
      run: async () => {
        await page.backend.call('stopHub', { body: { target: serena.id } })
        page.changed(`The Serena of ${projectWords(serena)} was stopped.`)
      },
    }),
  restart: (serena) =>
    page.open({
      kind: 'confirm',
      title: `Restart the Serena of ${projectWords(serena)}?`,
      text: `${effectOn(serena.clients.length)} Later calls wait until it has started.`,
      action: 'Restart',
      run: async () => {
        await page.backend.call('restartHub', { body: { target: serena.id } })
        page.changed(`The Serena of ${projectWords(serena)} was restarted.`)
      },
    }),
  stopHub: (hub) =>
    page.open({
      kind: 'confirm',
      title: 'Stop the hub?',
      text: `This also stops its ${countOf(hub.serenas.length, 'Serena')}. ${effectOn(clientCount(hub))} Connected clients start another hub.`,
      action: 'Stop the hub',
      run: async () => {
        await page.backend.call('stopHub', { body: { target: null } })
        page.changed('The hub was stopped.')
      },
    }),
})

const effectOn = (clients: number): string =>
  clients === 0
    ? 'No client uses it.'
    : `${countOf(clients, 'client')} ${clients === 1 ? 'uses' : 'use'} it: running calls get an error.`
