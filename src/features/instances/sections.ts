// The sections of the table: the selected grouping, or one row for a group of instances of one client on one project. Pure.
import type { Instance } from '#contract/instance'
import { type InstanceGroup, rowsOf } from '#contract/instance-groups'
import { type Group, type Grouping, groupInstances } from '../../state/deck-summary.ts'

export interface Section {
  /** Stable while the section exists. */
  key: string
  /** Set for a section of the selected grouping. */
  group: Group | null
  /** Set for a group of instances of one client on one project. */
  instanceGroup: InstanceGroup | null
  /** The instances with a visible row. */
  instances: readonly Instance[]
}

export const hasHead = ({ group, instanceGroup }: Section): boolean => (instanceGroup ?? group) !== null

export interface SectionOptions {
  grouping: Grouping
  /** Returns whether the user has toggled the section: groups are expanded at first, groups of one client collapsed. */
  isToggled: (key: string) => boolean
  /** All rows are shown. */
  isSelecting: boolean
  nowMs: number
}

/** Returns the sections of a sorted list; an instance group takes the position of its first member. */
export function sectionsOf(
  sorted: readonly Instance[],
  { grouping, isToggled, isSelecting, nowMs }: SectionOptions,
): readonly Section[] {
  if (grouping !== 'none')
    return groupInstances(sorted, grouping).map((group) => {
      const key = `${grouping} ${group.name}`
      const isFolded = isToggled(key) && !isSelecting
      return { key, group, instanceGroup: null, instances: isFolded ? [] : group.instances }
    })
  const sections: Section[] = []
  let single: Instance[] = []
  const flush = (): void => {
    if (single.length > 0)
      sections.push({ key: single[0]?.id ?? '', group: null, instanceGroup: null, instances: single })
    single = []
  }
  for (const { instance, group } of rowsOf(sorted, nowMs)) {
    if (instance) {
      single.push(instance)
      continue
    }
    flush()
    sections.push({
      key: group.key,
      group: null,
      instanceGroup: group,
      instances: isToggled(group.key) || isSelecting ? group.members : [],
    })
  }
  flush()
  return sections
}
