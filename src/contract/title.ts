// The title of a tab. Pure; the only place that formats it.
import { formatPort } from './dashboard-address.ts'
import type { Project } from './instance.ts'

export interface TitleFacts {
  pid: number | null
  port: number | null
  /** Absent: 127.0.0.1. */
  address?: string | undefined
  project: Project | null
  /** True once the dashboard has reported that no project is active. */
  isProjectKnownAbsent: boolean
}

/** Returns `left over from shop (pid 24301)`; the pid is that of a running process, not of the Serena that exited. */
export const formatLeftTitle = (pid: number | null, project: Project | null): string =>
  `left over from ${project?.name ?? 'PROJECT UNKNOWN'} (pid ${pid ?? '?'})`

/**
 * Returns `24284 - shop`, `24284 - NO PROJECT` or `24284 - PROJECT UNKNOWN`; `:24282 - shop` if the pid is not readable, and `hub - shop`
 * if it has neither pid nor port, because the hub ended it until its next call.
 */
export function formatTitle({ pid, port, address, project, isProjectKnownAbsent }: TitleFacts): string {
  const head = pid !== null ? String(pid) : port !== null ? formatPort({ port, address }) : 'hub'
  const name = project?.name ?? (isProjectKnownAbsent ? 'NO PROJECT' : 'PROJECT UNKNOWN')
  return `${head} - ${name}`
}
