// The backend as a service of the user: started at login, kept up, without a window. Pure.
import { APP_ID, APP_NAME, type Launch } from './entry-texts.ts'
import { plist } from './plist.ts'
import { systemdWord, windowsWord } from './quoting.ts'

export const SERVICE_ID = `${APP_ID}.backend`

const sorted = (env: Launch['env']): (readonly [string, string])[] =>
  Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))

/** A unit of the user's systemd (systemd.service, systemd.exec, "Command lines"). */
export function systemdUnit({ command, env }: Launch): string {
  return [
    '[Unit]',
    `Description=${APP_NAME}`,
    // One that ends at once is started six times in a minute and then has failed, for `systemctl status` to tell.
    'StartLimitIntervalSec=300',
    'StartLimitBurst=6',
    '',
    '[Service]',
    'Type=exec',
    ...sorted(env).map(([name, value]) => `Environment=${systemdWord(`${name}=${value}`)}`),
    // In a command line `$` begins a variable; in Environment= it does not.
    `ExecStart=${command.map((word) => systemdWord(word).replaceAll('$', '$$$$')).join(' ')}`,
    'Restart=on-failure',
    'RestartSec=10',
    // What it opened for the person, a browser perhaps, does not end with it.
    'KillMode=process',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n')
}

/** A LaunchAgent that keeps it up: started again when it failed, not when it ended well, and at most twice a minute, as launchd never gives up. */
export function serviceAgent({ command, env }: Launch): string {
  return plist({
    Label: SERVICE_ID,
    ProgramArguments: command,
    EnvironmentVariables: env,
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 30,
    ProcessType: 'Background',
  })
}

/** The arguments of schtasks.exe that start it at each logon of this user. */
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
