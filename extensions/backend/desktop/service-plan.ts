// What `service install` and `service uninstall` write, remove and run. Pure: returns steps.
import { posix } from 'node:path'
import { desktopFolders } from '../os/paths.ts'
import { systemProgram } from '../os/windows/system-program.ts'
import { APP_NAME, type Launch } from './entry-texts.ts'
import type { Place, Step } from './install-plan.ts'
import { SERVICE_ID, scheduledTask, serviceAgent, systemdUnit } from './service-texts.ts'

const UNIT = 'serena-deck.service'

const unitFile = (place: Place): string =>
  posix.join(desktopFolders(place.env, place.platform).config, 'systemd', 'user', UNIT)
/** The link of `systemctl enable`; created directly it needs no running systemd. */
const enabledLink = (place: Place): string =>
  posix.join(posix.dirname(unitFile(place)), 'default.target.wants', UNIT)
const agentFile = (place: Place): string =>
  posix.join(desktopFolders(place.env, place.platform).home, 'Library', 'LaunchAgents', `${SERVICE_ID}.plist`)

const ask = (...command: [string, ...string[]]): Step => ({ kind: 'run', command, isNeeded: false })
const systemctl = (...args: string[]): Step => ask('systemctl', '--user', ...args)
const schtasks = (env: NodeJS.ProcessEnv): string => systemProgram(env, 'System32', 'schtasks.exe')

/** Returns the file whose existence means installed; null: stored by the system (Windows). */
export function serviceFile(place: Place): string | null {
  if (place.platform === 'win32') return null
  return place.platform === 'darwin' ? agentFile(place) : unitFile(place)
}

/** Returns the command that checks whether it is installed, where there is no file. */
export const serviceQuery = (env: NodeJS.ProcessEnv): readonly [string, ...string[]] => [
  schtasks(env),
  '/Query',
  '/TN',
  APP_NAME,
]

/** Starts the backend now and at each login. `userId`: the number of this user, for launchd. */
export function servicePlan(place: Place, launch: Launch, userId: number): readonly Step[] {
  if (place.platform === 'darwin') {
    const path = agentFile(place)
    return [
      { kind: 'write', path, content: serviceAgent(launch), mode: 0o600 },
      ask('launchctl', 'bootout', `gui/${userId}/${SERVICE_ID}`),
      // One that the user switched off in the system's settings cannot be started otherwise.
      ask('launchctl', 'enable', `gui/${userId}/${SERVICE_ID}`),
      ask('launchctl', 'bootstrap', `gui/${userId}`, path),
    ]
  }
  if (place.platform === 'win32')
    return [
      { kind: 'run', command: [schtasks(place.env), ...scheduledTask(launch)], isNeeded: true },
      ask(schtasks(place.env), '/Run', '/TN', APP_NAME),
    ]
  return [
    { kind: 'write', path: unitFile(place), content: systemdUnit(launch), mode: 0o600 },
    { kind: 'link', path: enabledLink(place), to: unitFile(place) },
    systemctl('daemon-reload'),
    // A unit that failed too often is not started otherwise.
    systemctl('reset-failed', UNIT),
    systemctl('restart', UNIT),
  ]
}

/** Stops and removes the service. */
export function noServicePlan(place: Place, userId: number): readonly Step[] {
  if (place.platform === 'darwin')
    return [
      ask('launchctl', 'bootout', `gui/${userId}/${SERVICE_ID}`),
      { kind: 'remove', path: agentFile(place) },
    ]
  if (place.platform === 'win32')
    return [
      ask(schtasks(place.env), '/End', '/TN', APP_NAME),
      ask(schtasks(place.env), '/Delete', '/F', '/TN', APP_NAME),
    ]
  return [
    systemctl('stop', UNIT),
    { kind: 'remove', path: enabledLink(place) },
    { kind: 'remove', path: unitFile(place) },
    systemctl('daemon-reload'),
  ]
}
