// Changes of an instance's memories. What is stored now is compared with what the user saw.
import { AppError } from '#contract/errors'
import { memoryNameProblem } from '#contract/memory-name'
import type { DashboardChangeDeps, Proven } from './dashboard-change-deps.ts'
import type { DashboardChanges } from './dashboard-service.ts'

type MemoryChanges = Pick<DashboardChanges, 'memory' | 'saveMemory' | 'renameMemory' | 'deleteMemory'>
type Deps = Pick<DashboardChangeDeps, 'prove' | 'leadsOutside'>

export function createMemoryChanges(deps: Deps): MemoryChanges {
  const { prove } = deps
  return {
    async memory(id, name) {
      checkName(name)
      return { name, content: await (await prove(id)).connection.actions.readMemory(name) }
    },
    async saveMemory(id, { name, content, basedOn }) {
      checkName(name)
      const proven = await prove(id)
      checkPlace(deps, proven, name)
      const now = await contentNow(proven, name)
      if (now !== basedOn && now !== content)
        throw new AppError('changed-meanwhile', { what: now === null ? 'The memory' : `The memory ${name}` })
      await save(deps, id, proven, { name, content })
      return { name, content: await proven.connection.actions.readMemory(name) }
    },
    async renameMemory(id, { from, to }) {
      checkName(from)
      checkName(to)
      const proven = await prove(id)
      checkPlace(deps, proven, from)
      checkPlace(deps, proven, to)
      await proven.connection.actions.renameMemory(from, to)
      return { isDone: true }
    },
    async deleteMemory(id, { name }) {
      checkName(name)
      const proven = await prove(id)
      checkPlace(deps, proven, name)
      await proven.connection.actions.deleteMemory(name)
      return { isDone: true }
    },
  }
}

function checkName(name: string): void {
  const problem = memoryNameProblem(name)
  if (problem !== null) throw new AppError('bad-input', { issue: problem })
}

/** Serena checks the letters of the path and then opens it: it would follow a link. */
function checkPlace({ leadsOutside }: Deps, { track, overview }: Proven, name: string): void {
  const file = name.split('/')
  file.push(`${file.pop() ?? ''}.md`)
  const project = overview?.project?.path ?? track.projectByCommand?.path ?? null
  const isOutside =
    (project !== null && leadsOutside(project, ['.serena', 'memories', ...file])) ||
    (track.serenaHome !== null && leadsOutside(track.serenaHome, ['memories', ...file]))
  if (isOutside) throw new AppError('outside-of-project')
}

/** Returns the stored content; null: there is no memory of that name. */
async function contentNow({ connection }: Proven, name: string): Promise<string | null> {
  const overview = await connection.overview()
  const memories = overview.isAvailable ? overview.data.memories : null
  if (memories !== null && !memories.includes(name)) return null
  return connection.actions.readMemory(name)
}

/** Saves the memory. If the instance does not confirm it, the memory is read once to find out. */
async function save(
  { prove }: Deps,
  id: string,
  { connection }: Proven,
  { name, content }: { name: string; content: string },
): Promise<void> {
  try {
    await connection.actions.saveMemory(name, content)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'outcome-unknown') throw error
    // Proven again, because another process may own the port by now. A read that fails leaves the outcome unknown.
    const isStored = await prove(id)
      .then((proven) => contentNow(proven, name))
      .then(
        (now) => now === content,
        () => null,
      )
    if (isStored === true) return
    const found = isStored === null ? {} : { look: 'it is not stored' }
    throw new AppError('outcome-unknown', { ...error.data, ...found }, { cause: error })
  }
}
