// `doctor`: what is wrong in the configurations of the clients.
import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { AppError } from '#contract/errors'
import { COMMAND_VERSION } from '#contract/versions'
import { visibleLine } from '#contract/visible-text'
import { createDoctor, type Doctor, type ReportOptions } from '../doctor/doctor.ts'
import type { Terminal } from '../os/terminal.ts'
import { doctorText } from './doctor-text.ts'
import { parseFlags, switchFlag } from './flags.ts'

const flagsSchema = z.object({
  json: switchFlag,
  fix: switchFlag,
  undo: switchFlag,
  yes: switchFlag,
  home: z.optional(z.string()),
  project: z.optional(z.string()),
  file: z.optional(z.array(z.string())),
  ignore: z.optional(z.string()),
  reason: z.optional(z.string()),
  unignore: z.optional(z.string()),
  probe: z.optional(z.union([z.string(), z.boolean()])),
})
type Flags = z.output<typeof flagsSchema>

const CLEAN = 0
const FOUND = 1
const NOTHING_TO_DO = 3

/** Runs `doctor`; resolves to the exit code: 0 no findings, 1 findings. */
export async function runDoctor(ids: readonly string[], flags: unknown, terminal: Terminal): Promise<number> {
  const asked = parseFlags(flagsSchema, flags)
  const { env, platform, cwd } = terminal
  const doctor = createDoctor({ env, platform, cwd, nowMs: Date.now })
  if (asked.ignore !== undefined || asked.unignore !== undefined || asked.reason !== undefined)
    return changeIgnored(asked, doctor, terminal)
  const options = optionsOf(asked, cwd)
  if (ids.length > 0 && !asked.fix) throw wrong('Finding ids require --fix.')
  if (asked.fix && asked.undo) throw wrong('--fix cannot be combined with --undo.')
  if (asked.fix || asked.undo) return changeFiles(ids, asked, doctor, options, terminal)
  const found = await doctor.report(options)
  if (asked.probe !== undefined && asked.probe !== false) {
    const { runProbe } = await import('./doctor-probe.ts')
    return runProbe(asked.probe === true ? null : asked.probe, found.facts, asked.json, terminal)
  }
  terminal.write(
    asked.json
      ? `${JSON.stringify(found.report, null, 2)}\n`
      : doctorText(found, {
          hasColours: terminal.hasColours,
          home: asked.home === undefined ? found.facts.home : null,
        }),
  )
  return found.diagnoses.length === 0 ? CLEAN : FOUND
}

async function changeFiles(
  ids: readonly string[],
  { undo, yes, json }: Flags,
  doctor: Doctor,
  options: ReportOptions,
  terminal: Terminal,
): Promise<number> {
  const { runDoctorFix, runDoctorUndo } = await import('./doctor-fix.ts')
  if (undo) return runDoctorUndo(json, terminal)
  return runDoctorFix({ ids, isSure: yes, isJson: json }, doctor, options, terminal)
}

function optionsOf({ home, project, file = [] }: Flags, cwd: string): ReportOptions {
  for (const [flag, value] of Object.entries({ home, project }))
    if (value === '') throw wrong(`--${flag} takes a folder.`)
  return {
    home: home === undefined ? null : resolve(cwd, home),
    project: project === undefined ? null : resolve(cwd, project),
    files: file.map((one) => resolve(cwd, one)),
  }
}

function changeIgnored(
  { ignore, reason, unignore, json, home }: Flags,
  doctor: Doctor,
  { write }: Terminal,
): number {
  if (ignore !== undefined && unignore !== undefined)
    throw wrong('--ignore cannot be combined with --unignore.')
  if (home !== undefined)
    throw wrong('--ignore and --unignore cannot be combined with --home: they apply to this machine.')
  if (unignore !== undefined) {
    const isChanged = doctor.unignore(unignore)
    write(
      json
        ? documentOf(unignore, false)
        : isChanged
          ? `No longer ignored: ${visibleLine(unignore)}\n`
          : 'It was not ignored.\n',
    )
    return isChanged ? CLEAN : NOTHING_TO_DO
  }
  if (ignore === undefined) throw wrong('--reason requires --ignore ID.')
  if (ignore === '' || reason === undefined || reason.trim() === '')
    throw wrong('--ignore requires the id of a finding and --reason TEXT.')
  doctor.ignore(ignore, reason)
  write(json ? documentOf(ignore, true) : `Ignored: ${visibleLine(ignore)}\n`)
  return CLEAN
}

const documentOf = (id: string, isIgnored: boolean): string =>
  `${JSON.stringify({ schema: COMMAND_VERSION, doctor: { id, isIgnored } })}\n`

const wrong = (issue: string): AppError => new AppError('wrong-use', { issue })
