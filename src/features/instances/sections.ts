// The table of all in sections: groups by what was chosen, or many instances of one client on one project as one row. Pure.
import type { Instance } from '#contract/instance'
import { type InstanceGroup, rowsOf } from '#contract/instance-groups'
import { type Group, type Grouping, groupInstances } from '../../state/deck-summary.ts'

export interface Section {
  /** Its head: a chosen group, many of one client, or none. */
  group: Group | null
  many: InstanceGroup | null
  /** The rows that are shown. */
  instances: readonly Instance[]
}

export interface SectionOptions {
  grouping: Grouping
  /** Whether the members of such a group are shown one by one. */
  isOpen: (key: string) => boolean
  nowMs: number
}

/** The sections of a sorted list; a group of many stands where its first member would. */
export function sectionsOf(
  sorted: readonly Instance[],
  { grouping, isOpen, nowMs }: SectionOptions,
): readonly Section[] {
  if (grouping !== 'none')
    return groupInstances(sorted, grouping).map((group) => ({
      group,
      many: null,
      instances: group.instances,
    }))
  const sections: Section[] = []
  let single: Instance[] = []
  const flush = (): void => {
    if (single.length > 0) sections.push({ group: null, many: null, instances: single })
    single = []
  }
  for (const { instance, group } of rowsOf(sorted, nowMs)) {
    if (instance) {
      single.push(instance)
      continue
    }
    flush()
    sections.push({ group: null, many: group, instances: isOpen(group.key) ? group.members : [] })
  }
  flush()
  return sections
}
