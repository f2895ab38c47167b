// Serena's answers -> the shapes of the contract, one shape for every version. Pure.

import * as z from 'zod/mini'
import type { Choice, Execution, LogPage, Overview, ToolStats } from '#contract/details'
import { AppError } from '#contract/errors'
import {
  type SerenaExecution,
  serenaLogSchema,
  serenaOverviewSchema,
  serenaRefusalSchema,
  serenaToolStatsSchema,
} from '#contract/serena'
import type { DashboardStatus } from './dashboard-facts.ts'

/** Returns the answer in the schema's shape. AppError `dashboard-refused` for Serena's own errors, `dashboard-nonsense` for the rest. */
export function parseAnswer<Schema extends z.core.$ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const parsed = z.safeParse(schema, value)
  if (parsed.success) return parsed.data
  const refusal = z.safeParse(serenaRefusalSchema, value)
  if (refusal.success) throw new AppError('dashboard-refused', { message: refusal.data.message })
  throw new AppError('dashboard-nonsense', { issue: 'it has an unknown format' })
}

const KNOWN_KEYS: ReadonlySet<string> = new Set(Object.keys(serenaOverviewSchema.shape))

/** Parses `/get_config_overview` of any version. */
export function toOverview(value: unknown): Overview {
  const answer = parseAnswer(serenaOverviewSchema, value)
  const project = answer.active_project
  return {
    serenaVersion: answer.serena_version,
    newerSerenaVersion: answer.newer_serena_version,
    project: project?.name
      ? {
          name: project.name,
          path: project.path,
          languages: splitLanguages(project.language),
          isTrusted: project.is_trusted,
        }
      : null,
    context: answer.context,
    modes: answer.modes,
    agentInterface: answer.agent_interface,
    languageBackend: answer.language_backend ?? (answer.jetbrains_mode === true ? 'JetBrains' : null),
    languageServers: answer.languages,
    encoding: answer.encoding,
    client: answer.current_client,
    activeTools: answer.active_tools,
    availableTools: answer.available_tools.map(({ name }) => name),
    facades:
      answer.facades?.map(({ name, is_enabled, methods }) => ({
        name,
        isEnabled: is_enabled ?? true,
        methods: methods.map((method) => ({ name: method.name, isEnabled: method.is_enabled ?? true })),
      })) ?? null,
    memories: answer.available_memories,
    registeredProjects: answer.registered_projects.map(toChoice),
    availableModes: answer.available_modes.map(toChoice),
    availableContexts: answer.available_contexts.map(toChoice),
    toolCalls: answer.tool_stats_summary.map(([tool, { num_calls }]) => ({ tool, calls: num_calls })),
    opensDashboardOnLaunch: opening(answer.web_dashboard_open_on_launch),
    otherFacts: Object.entries(answer).flatMap(([name, fact]) =>
      KNOWN_KEYS.has(name) || !isPlain(fact) ? [] : [{ name, value: String(fact) }],
    ),
  }
}

/** Parses one page of log lines, requested from index `from`. Rules of the ring and of a cleared log: docs/dev/serena.md. */
export function toLogPage(value: unknown, from: number): LogPage {
  const { messages, max_idx: newest } = parseAnswer(serenaLogSchema, value)
  const next = newest + 1
  // The log was cleared, or this is another process: the index is beyond the end.
  if (next < from) return { from: 0, next: 0, isReset: true, missed: 0, lines: [] }
  const first = next - messages.length
  const missed = Math.max(0, first - from)
  // Lines before the requested index were read before.
  const fresh = messages.slice(Math.max(0, from - first))
  return { from: next - fresh.length, next, isReset: false, missed, lines: fresh.map(cutLine) }
}

/** A line may be a whole file that a tool read; the log file of the instance has all of it. */
const MAX_LINE_CHARACTERS = 16 * 1024
const cutLine = (line: string): string =>
  line.length <= MAX_LINE_CHARACTERS
    ? line
    : `${line.slice(0, MAX_LINE_CHARACTERS)} … (${line.length - MAX_LINE_CHARACTERS} more characters are in the log file)`

/** Parses the status from an answer to `/get_log_messages`. */
export function toDashboardStatus(value: unknown): DashboardStatus {
  const { max_idx, active_project } = parseAnswer(serenaLogSchema, value)
  return { activeProject: active_project === '' ? null : active_project, logIndex: max_idx }
}

/** Parses `/get_tool_stats`, most called first. */
export function toToolStats(value: unknown, estimator: string | null): ToolStats {
  const { stats } = parseAnswer(serenaToolStatsSchema, value)
  const tools = stats.map(([tool, { num_times_called, input_tokens, output_tokens }]) => ({
    tool,
    calls: num_times_called,
    inputTokens: input_tokens,
    outputTokens: output_tokens,
  }))
  return { estimator, tools: tools.sort((a, b) => b.calls - a.calls || a.tool.localeCompare(b.tool)) }
}

/** Returns an execution in the contract's shape. */
export const toExecution = ({
  task_id,
  name,
  is_running,
  finished_successfully,
}: SerenaExecution): Execution => ({
  taskId: task_id,
  name,
  isRunning: is_running,
  finishedSuccessfully: is_running ? null : finished_successfully,
})

const toChoice = ({
  name,
  path,
  is_active,
}: {
  name: string
  path: string | null
  is_active: boolean | null
}): Choice => ({
  name,
  path,
  isActive: is_active ?? false,
})

const opening = (choice: boolean | null | undefined): Overview['opensDashboardOnLaunch'] =>
  choice === undefined ? null : (choice ?? 'undecided')

const splitLanguages = (joined: string | null): string[] =>
  (joined ?? '')
    .split(',')
    .map((language) => language.trim())
    .filter((language) => language !== '')

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
