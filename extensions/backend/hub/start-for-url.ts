// Starts the hub for clients that use its URL: none of them can start it.
import { hubCommand, productVersion } from '../lib/product.ts'
import { stateFolder } from '../os/paths.ts'
import { readHttpSettings } from './http/http-settings.ts'
import { prepareHubPlace } from './hub-place.ts'
import { greetHub } from './hub-socket.ts'
import { PROTOCOL } from './protocol.ts'
import { startHub } from './start-hub.ts'

const ANSWER_MS = 5_000

/** Starts the hub if the settings want its URL and no hub is running. AppErrors of the hub's folder and socket, `hub-not-started`. */
export async function startHubForUrl(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Promise<void> {
  if (!(await readHttpSettings([], env, platform)).isOn) return
  const place = prepareHubPlace(stateFolder(env, platform))
  const base = { serenaDeck: 'hello', protocol: PROTOCOL, release: productVersion, pid: process.pid } as const
  const greeted = await greetHub(place.socket, { ...base, kind: 'observer' }, ANSWER_MS)
  // Of two hubs that start at once, one exits.
  if (greeted === 'absent') await startHub({ place, command: hubCommand, env })
  else if (greeted !== 'silent') greeted.socket.destroy()
}
