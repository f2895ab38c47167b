// The plan for findings of one examination: which of them, and what is known of their files.

import { readUserFile } from '../os/files/user-file.ts'
import type { Examination } from './doctor.ts'
import { type FixPlan, planFixes } from './fix-plan.ts'
import type { ConfigTools } from './planned-file.ts'

/** Returns the plan for these findings; null: for all that can be fixed, without files of projects. An unknown id is ignored. */
export function planFor(
  { diagnoses, configs, facts }: Pick<Examination, 'diagnoses' | 'configs' | 'facts'>,
  ids: readonly string[] | null,
  tools: ConfigTools,
): FixPlan {
  const chosen = diagnoses.filter(
    ({ id, changes }) => changes.length > 0 && (ids === null || ids.includes(id)),
  )
  const byFile = new Map(configs.files.map((one) => [one.file, one]))
  const projects = new Map(facts.projects.map(({ file, root }) => [file, root]))
  return planFixes(chosen, (id) => ids?.includes(id) === true, {
    read: readUserFile,
    tools,
    projectOf: (file) => byFile.get(file)?.project ?? projects.get(file) ?? null,
    neverWritten: (file) => byFile.get(file)?.shownOnly ?? null,
  })
}
