// The one action that a group suggests, always with a preview. Pure.
import { type Instance, isCertainZombie } from '#contract/instance'
import { countOf } from '#contract/units'
import { isNeverUsed, isQuietFor, UNUSED_MS } from '#contract/use'
import type { PageDialog } from '../../state/page-dialog.ts'
import { unusedEnding } from './unused-ending.ts'

export interface GroupAction {
  label: string
  dialog: PageDialog
}

/** Returns the action: ending zombies, ending unused instances, or sharing the project; null: none. */
export function groupAction(members: readonly Instance[], nowMs: number): GroupAction | null {
  return zombieAction(members) ?? unusedAction(members, nowMs) ?? shareAction(members)
}

function zombieAction(members: readonly Instance[]): GroupAction | null {
  const zombies = members.filter(isCertainZombie)
  if (zombies.length === 0) return null
  const words = countOf(zombies.length, 'zombie')
  return {
    label: `End ${words} …`,
    dialog: { kind: 'ending', title: `End ${words}`, ids: zombies.map(({ id }) => id) },
  }
}

function unusedAction(members: readonly Instance[], nowMs: number): GroupAction | null {
  const unused = members.filter((one) => isNeverUsed(one, nowMs) && isQuietFor(one, UNUSED_MS, nowMs))
  // A single one has a menu of its own.
  if (unused.length < 2) return null
  return { label: `End ${unused.length} unused …`, dialog: unusedEnding(unused) }
}

/** Several Serenas of one project can be one. */
function shareAction(members: readonly Instance[]): GroupAction | null {
  const [first] = members
  const project = first?.project
  const areShareable = members.every(
    (one) => one.hubSerena === undefined && one.project?.path === project?.path && one.colour !== 'red',
  )
  if (members.length < 2 || !project?.path || !areShareable) return null
  return {
    label: 'Share this project …',
    dialog: { kind: 'share', instanceId: first?.id ?? '', projectName: project.name },
  }
}
