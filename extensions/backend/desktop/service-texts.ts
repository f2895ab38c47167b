// The backend as a service of the user: started at login, restarted after a failure, without a window. Pure.

import { systemdWord, windowsWord } from '../lib/quoting.ts'
import { APP_ID, APP_NAME, type Launch } from './entry-texts.ts'
import { plist } from './plist.ts'

export const SERVICE_ID = `${APP_ID}.backend`

const sorted = (env: Launch['env']): (readonly [string, string])[] =>
  Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))

/** Returns a unit of the user's systemd (systemd.service, systemd.exec, "Command lines"). */
export function systemdUnit({ command, env }: Launch): string {
  return [
    '[Unit]',
    `Description=${APP_NAME}`,
    // A backend that exits at once is started six times in a minute; then the unit is failed, as `systemctl status` shows.
    'StartLimitIntervalSec=300',
    'StartLimitBurst=6',
    '',
    '[Service]',
    'Type=exec',
    ...sorted(env).map(([name, value]) => `Environment=${systemdWord(`${name}=${value}`)}`),
    // `$` begins a variable in a command line, but not in Environment=.
    `ExecStart=${command.map((word) => systemdWord(word).replaceAll('$', '$$$$')).join(' ')}`,
    'Restart=on-failure',
    'RestartSec=10',
    // Programs that it opened for the user, such as a browser, do not end with it.
    'KillMode=process',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n')
}

/** Returns a LaunchAgent: restarted after a failure, at most twice a minute, because launchd never stops trying. */
export function serviceAgent({ command, env }: Launch): string {
  return plist({
    Label: SERVICE_ID,
    ProgramArguments: command,
    EnvironmentVariables: env,
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 30,
    ProcessType: 'Background',
    // Programs that it opened for the user, such as a browser, do not end with it.
    AbandonProcessGroup: true,
  })
}

/** Returns the arguments of schtasks.exe that start it at each logon of this user. */
export const scheduledTask = ({ command }: Launch): string[] => [
  '/Create',
  '/F',
  '/SC',
  'ONLOGON',
  '/RL',
  'LIMITED',
  '/TN',
  APP_NAME,
  '/TR',
  command.map(windowsWord).join(' '),
]
