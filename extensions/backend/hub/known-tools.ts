// What is known about the lists of one Serena: from the kept copies at first, and compared with it when it has started.

import type { KeptAnswers } from './kept-answers.ts'
import { KEPT_LISTS } from './kept-copies.ts'
import { requestLine } from './own-requests.ts'
import { factsOf, type ToolFacts } from './tool-facts.ts'

export interface KnownTools {
  /** Empty while nothing is known. */
  facts(): ToolFacts
  /** Whether it has the tool; true while its tools are not known. */
  mayHave(name: string): boolean
  /** Its list of tools has changed. */
  refresh(): void
  /** It has started. */
  refreshAll(): void
}

export interface KnownToolsDeps {
  kept: KeptAnswers
  /** Sends a request to Serena; rejects when it exits. */
  ask(line: Buffer): Promise<Buffer>
  isRunning(): boolean
  /** Its tools are known. `isChange`: others were known before. */
  onTools(isChange: boolean): void
  onFault(error: unknown): void
}

/** Creates what the kept copies say. */
export function createKnownTools({ kept, ask, isRunning, onTools, onFault }: KnownToolsDeps): KnownTools {
  let facts: ToolFacts | null = null
  /** Lists that will be asked for. */
  const due = new Set<string>()
  let refreshed: Promise<void> = Promise.resolve()

  function toolFacts(): ToolFacts {
    facts ??= factsOf(kept.read('tools/list'))
    return facts
  }

  /** One after another, because each compares with the kept one. */
  function refresh(method: string): void {
    if (due.has(method)) return
    due.add(method)
    refreshed = refreshed.then(() => refreshNow(method)).catch(onFault)
  }

  async function refreshNow(method: string): Promise<void> {
    due.delete(method)
    if (!isRunning()) return
    const answer = await ask(requestLine(method)).catch(() => null)
    const before = kept.read(method)
    if (answer === null || !(await kept.keep(method, answer)) || method !== 'tools/list') return
    facts = null
    onTools(before !== null)
  }

  return {
    facts: toolFacts,
    mayHave(name) {
      const { names } = toolFacts()
      return names.size === 0 || names.has(name)
    },
    refresh: () => refresh('tools/list'),
    refreshAll() {
      for (const method of KEPT_LISTS) refresh(method)
    },
  }
}
