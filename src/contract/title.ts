// The title of a tab. Pure, and the only place that spells it.
import { formatPort } from './dashboard-address.ts'
import type { Project } from './instance.ts'

export interface TitleFacts {
  pid: number | null
  port: number | null
  /** Absent: 127.0.0.1. */
  address?: string | undefined
  project: Project | null
  /** True once something that can say so has said that no project is active. */
  isProjectKnownAbsent: boolean
}

/** `left over from shop (pid 24301)`: the pid is that of a process which lives, not of the Serena that is gone. */
export const formatLeftTitle = (pid: number | null, project: Project | null): string =>
  `left over from ${project?.name ?? 'PROJECT UNKNOWN'} (pid ${pid ?? '?'})`

/** `24284 - shop`, `24284 - NO PROJECT`, `24284 - PROJECT UNKNOWN`; `:24282 - shop` where the pid cannot be read. */
export function formatTitle({ pid, port, address, project, isProjectKnownAbsent }: TitleFacts): string {
  const head = pid === null ? formatPort({ port, address }) : String(pid)
  const name = project?.name ?? (isProjectKnownAbsent ? 'NO PROJECT' : 'PROJECT UNKNOWN')
  return `${head} - ${name}`
}
