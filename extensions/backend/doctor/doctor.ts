// The doctor: reads the configurations of all clients and says what is wrong in them.
import { join } from 'node:path'
import { DOCTOR_SCHEMA, type DoctorReport, type Finding, type Severity } from '#contract/doctor'
import type { ReadConfigs } from '../clients/configs/read-configs.ts'
import { stateFolder } from '../os/paths.ts'
import type { Diagnosis } from './diagnosis.ts'
import type { DoctorFacts } from './facts.ts'
import { gather } from './gather.ts'
import { type IgnoredFinding, ignoreFinding, readIgnored, unignoreFinding } from './ignored-findings.ts'
import { RULES } from './rules/rules.ts'
import { maskedEnv } from './secret-words.ts'

export interface DoctorDeps {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  cwd: string
  nowMs: () => number
}

export interface ReportOptions {
  /** Another home folder: a fixture, or the backup of another machine. */
  home?: string | null
  /** Default: the project of the working folder. */
  project?: string | null
  /** Files of clients that are not known. */
  files?: readonly string[]
}

export interface Examination {
  report: DoctorReport
  /** The findings of the report with their fixes, the most severe first. */
  diagnoses: readonly Diagnosis[]
  /** Found, but ignored by the user. */
  ignored: readonly { diagnosis: Diagnosis; reason: string }[]
  facts: DoctorFacts
  configs: ReadConfigs
}

export interface Doctor {
  report(options?: ReportOptions): Promise<Examination>
  ignore(id: string, reason: string): void
  /** False: it was not ignored. */
  unignore(id: string): boolean
  ignored(): readonly IgnoredFinding[]
}

/** Creates a doctor. It executes nothing that a file says, and writes only the list of ignored findings. */
export function createDoctor({ env, platform, cwd, nowMs }: DoctorDeps): Doctor {
  const file = join(stateFolder(env, platform), 'doctor-ignored.json')
  return {
    async report({ home = null, project = null, files = [] } = {}) {
      const { facts, configs } = await gather({ env, platform, cwd, nowMs: nowMs(), home, project, files })
      return { ...examine(facts, readIgnored(file)), facts, configs }
    },
    ignore: (id, reason) => ignoreFinding(file, { id, reason, at: new Date(nowMs()).toISOString() }),
    unignore: (id) => unignoreFinding(file, id),
    ignored: () => readIgnored(file),
  }
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

/** Returns the findings of all rules, without those that are ignored. Pure. */
export function examine(
  facts: DoctorFacts,
  ignoredFindings: readonly IgnoredFinding[],
): Pick<Examination, 'report' | 'diagnoses' | 'ignored'> {
  const found = RULES.flatMap((rule) => rule(facts))
  const unique = [...new Map(found.map((one) => [one.id, one])).values()]
  const sorted = unique.sort((a, b) => RANK[a.severity] - RANK[b.severity])
  const reasons = new Map(ignoredFindings.map(({ id, reason }) => [id, reason]))
  const diagnoses = sorted.filter(({ id }) => !reasons.has(id))
  const ignored = sorted.flatMap((diagnosis) => {
    const reason = reasons.get(diagnosis.id)
    return reason === undefined ? [] : [{ diagnosis, reason }]
  })
  return { report: reportOf(facts, diagnoses), diagnoses, ignored }
}

const reportOf = ({ entries }: DoctorFacts, diagnoses: readonly Diagnosis[]): DoctorReport => ({
  schema: DOCTOR_SCHEMA,
  // An entry that a second client reads as well is one entry.
  entries: entries
    .filter(({ entry }) => entry.owner === undefined)
    .map(({ entry: { client, scope, file, name, transport, command, url, env, enabled } }) => ({
      client,
      scope,
      file,
      name,
      transport,
      command: command === null ? null : [...command],
      url,
      env: maskedEnv(env),
      enabled,
    })),
  findings: diagnoses.map(findingOf),
})

const findingOf = ({ id, severity, client, file, line, title, why, fix, evidence }: Diagnosis): Finding => ({
  id,
  severity,
  client,
  file,
  line,
  title,
  why,
  fix,
  evidence,
})
