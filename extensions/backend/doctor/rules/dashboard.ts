// Pop-ups, and dashboards or servers that other machines can reach.
import { dashboardFlags } from '../../clients/configs/dashboard-flags.ts'
import { isLoopback } from '../../lib/network-address.ts'
import { fixOf, flagOf, without, withValue, wordsOf } from '../argument-changes.ts'
import type { Diagnosis } from '../diagnosis.ts'
import { joined, startingEntries } from '../entry-sets.ts'
import type { DoctorFacts, HomeFact } from '../facts.ts'
import { entryDiagnosis, generalDiagnosis } from '../make-diagnosis.ts'

const POP_UP = 'Each start opens a browser tab or a window and takes the focus.'

/** `--open-web-dashboard true`. */
export function popUpFlags(facts: DoctorFacts): Diagnosis[] {
  return startingEntries(facts)
    .filter(({ argv }) => dashboardFlags(argv).some(({ effect }) => effect === 'opens'))
    .map((fact) => {
      const found = flagOf(fact, '--open-web-dashboard')
      return entryDiagnosis(fact, {
        kind: 'pop-up',
        severity: 'warning',
        value: '--open-web-dashboard',
        title: `${fact.client.name} makes each Serena open its dashboard.`,
        why: POP_UP,
        advice: 'Set --open-web-dashboard false.',
        changes: fixOf(fact, found && withValue(fact, found, 'false')),
      })
    })
}

/** `web_dashboard_open_on_launch: true`, if an entry starts a Serena that it applies to. */
export function popUpSettings(facts: DoctorFacts): Diagnosis[] {
  return facts.homes.flatMap((home) => {
    const { keys } = home
    if (keys.get('web_dashboard_open_on_launch') !== true || keys.get('web_dashboard') === false) return []
    if (keys.get('web_dashboard_global') === true) return []
    const by = startingEntries(facts).filter(
      ({ argv, through, entry }) =>
        through === null &&
        (entry.env['SERENA_HOME'] ?? facts.serenaHome) === home.folder &&
        dashboardFlags(argv).length === 0,
    )
    if (by.length === 0) return []
    return [
      generalDiagnosis({
        kind: 'pop-up',
        key: 'web_dashboard_open_on_launch',
        file: home.file,
        line: keyLine(home, 'web_dashboard_open_on_launch'),
        severity: 'warning',
        title: 'Each Serena opens its dashboard when it starts.',
        why: POP_UP,
        advice: 'Set web_dashboard_open_on_launch: false.',
        evidence: [
          evidenceOf(home, 'web_dashboard_open_on_launch'),
          `It applies to ${joined(by.map(({ client }) => client.name))}.`,
        ],
        changes: settingFix(home, 'web_dashboard_open_on_launch', false),
      }),
    ]
  })
}

/** `--host 0.0.0.0`: other machines reach its tools, which can run commands. */
export function exposedServers(facts: DoctorFacts): Diagnosis[] {
  return startingEntries(facts).flatMap((fact) => {
    const found = flagOf(fact, '--host')
    if (!found || isLocal(found.value)) return []
    const isStdio = fact.command?.transport === 'stdio'
    return [
      entryDiagnosis(fact, {
        kind: 'exposed',
        severity: isStdio ? 'warning' : 'error',
        value: found.value,
        title: `Serena listens on ${found.value}, which other machines can reach.`,
        why: 'Its MCP server has no password: a program that reaches the port can read and change files, and run commands as you.',
        advice: isStdio ? 'Remove --host.' : 'Use --host 127.0.0.1.',
        changes: fixOf(fact, isStdio ? without(fact, wordsOf(found)) : withValue(fact, found, '127.0.0.1')),
      }),
    ]
  })
}

/** `web_dashboard_listen_address: 0.0.0.0`. */
export function exposedDashboards(facts: DoctorFacts): Diagnosis[] {
  return facts.homes.flatMap((home) => {
    const address = home.keys.get('web_dashboard_listen_address')
    if (typeof address !== 'string' || isLocal(address)) return []
    return [
      generalDiagnosis({
        kind: 'exposed',
        key: 'web_dashboard_listen_address',
        file: home.file,
        line: keyLine(home, 'web_dashboard_listen_address'),
        severity: 'error',
        title: `Serena's dashboard listens on ${address}, which other machines can reach.`,
        why: 'It has no password: a program that reaches the port can read memories and settings, and end Serena.',
        advice: 'Set web_dashboard_listen_address: 127.0.0.1.',
        evidence: [evidenceOf(home, 'web_dashboard_listen_address')],
        changes: settingFix(home, 'web_dashboard_listen_address', '127.0.0.1'),
      }),
    ]
  })
}

const isLocal = (address: string): boolean => address === 'localhost' || address === '' || isLoopback(address)

const settingFix = ({ file }: HomeFact, key: string, value: unknown) => [
  { file, format: 'yaml' as const, changes: [{ kind: 'set' as const, path: [key], value }] },
]

/** Returns the line of a top-level key, from 1; null: it is not found. */
export function keyLine({ text }: Pick<HomeFact, 'text'>, key: string): number | null {
  const at = (text ?? '').split(/\r?\n/).findIndex((line) => new RegExp(`^["']?${key}["']?\\s*:`).test(line))
  return at < 0 ? null : at + 1
}

/** Returns `FILE:LINE: the text of the line`. */
export function evidenceOf(home: Pick<HomeFact, 'text' | 'file'>, key: string): string {
  const line = keyLine(home, key)
  const text = line === null ? '' : ((home.text ?? '').split(/\r?\n/)[line - 1] ?? '').trim()
  return line === null ? home.file : `${home.file}:${line}: ${text}`
}
