// The instance that a dashboard belongs to, as calls and changes need it.
import type { Project } from '#contract/instance'
import type { SerenaProcess } from '../serena/serena-process.ts'
import type { DashboardWatch } from './dashboard-watch.ts'

export interface DashboardHolder {
  readonly serena: SerenaProcess
  /** The SERENA_HOME it runs with; null: its environment cannot be read. */
  readonly serenaHome: string | null
  readonly projectByCommand: Project | null
  readonly watch: DashboardWatch | null
}
