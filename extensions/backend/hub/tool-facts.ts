// What a list of tools says about them. Pure.
import { partsOf, spanAt } from '../mcp/message-parts.ts'

export interface ToolFacts {
  names: ReadonlySet<string>
  readOnly: ReadonlySet<string>
}

/** Returns what an answer to `tools/list` says; nothing where there is none. */
export function factsOf(answer: Buffer | null): ToolFacts {
  const span = answer && spanAt(answer, partsOf(answer)?.result ?? null, 'tools')
  const list: unknown = span ? JSON.parse(answer.toString('utf8', ...span)) : []
  const tools = Array.isArray(list) ? list.filter(isTool) : []
  return {
    names: new Set(tools.map(({ name }) => name)),
    readOnly: new Set(
      tools.filter(({ annotations }) => annotations?.readOnlyHint === true).map(({ name }) => name),
    ),
  }
}

const isTool = (value: unknown): value is { name: string; annotations?: { readOnlyHint?: unknown } } =>
  typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string'
