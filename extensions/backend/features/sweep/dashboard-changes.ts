// What the page may change in an instance. Before each change the instance proves again that it owns its port, and what
// stands there now is compared with what the person saw.
import type { Overview } from '#contract/details'
import { AppError } from '#contract/errors'
import { memoryNameProblem } from '#contract/memory-name'
import type { ProcessIdentity } from '../../facts.ts'
import type { DashboardChanges } from '../../services.ts'
import type { DashboardConnection } from './dashboard-watch.ts'
import type { Track } from './tracks.ts'

/** A Serena that stops its language servers needs seconds; one without an init above it 4 s more (shared facts). */
const SHUTDOWN_MS = 12_000
const SHUTDOWN_STEP_MS = 100
const done = { isDone: true } as const

export interface Proven {
  connection: DashboardConnection
  track: Track
  overview: Overview | null
}

export interface DashboardChangeDeps {
  /** The instance with its dashboard, proven anew; throws AppError otherwise. */
  prove: (instanceId: string) => Promise<Proven>
  /** Whether a link leads out of that folder. */
  leadsOutside: (folder: string, parts: readonly string[]) => boolean
  isGone: (identity: ProcessIdentity, pid: number) => Promise<boolean>
  configuration: {
    mask: (text: string) => string
    unmask: (edited: string, original: string) => string
    etagOf: (text: string) => string
    preview: (original: string, edited: string) => { diff: string[]; hash: string; problem: string | null }
  }
  /** Keeps a copy of a configuration before it is replaced. */
  backUp: (text: string) => void
}

/** The changes of one deck. */
export function createDashboardChanges(deps: DashboardChangeDeps): DashboardChanges {
  const { prove, configuration } = deps
  const actionsOf = async (id: string) => (await prove(id)).connection.actions

  function checkName(name: string): void {
    const problem = memoryNameProblem(name)
    if (problem !== null) throw new AppError('bad-input', { issue: problem })
  }

  /** Serena checks the path by its letters and then opens it: a link would be followed. */
  function checkPlace({ track, overview }: Proven, name: string): void {
    const file = name.split('/')
    file.push(`${file.pop() ?? ''}.md`)
    const project = overview?.project?.path ?? track.projectByCommand?.path ?? null
    const folders: [string, readonly string[]][] = [
      ...(project === null ? [] : [[project, ['.serena', 'memories', ...file]] as [string, string[]]]),
      ...(track.serenaHome === null ? [] : [[track.serenaHome, ['memories', ...file]] as [string, string[]]]),
    ]
    if (folders.some(([folder, parts]) => deps.leadsOutside(folder, parts)))
      throw new AppError('outside-of-project')
  }

  /** What is in the memory now; null: there is none of that name. */
  async function contentNow({ connection }: Proven, name: string): Promise<string | null> {
    const overview = await connection.overview()
    const memories = overview.isAvailable ? overview.data.memories : null
    if (memories !== null && !memories.includes(name)) return null
    return connection.actions.readMemory(name)
  }

  /** Saves it; where the instance does not say whether it did, one look tells, if that is answered. */
  async function save(id: string, { connection }: Proven, name: string, content: string): Promise<void> {
    try {
      await connection.actions.saveMemory(name, content)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'outcome-unknown') throw error
      // Whoever has the port by now is asked nothing. A look that fails leaves it unknown.
      const look = prove(id).then((proven) => contentNow(proven, name))
      const isStored = await look.then(
        (now) => now === content,
        () => null,
      )
      if (isStored === true) return
      const found = isStored === null ? {} : { look: 'it is not stored' }
      throw new AppError('outcome-unknown', { ...error.data, ...found }, { cause: error })
    }
  }

  async function unchangedConfiguration(id: string, etag: string): Promise<{ proven: Proven; text: string }> {
    const proven = await prove(id)
    const text = await proven.connection.actions.readConfiguration()
    if (configuration.etagOf(text) !== etag)
      throw new AppError('changed-meanwhile', { what: 'The configuration' })
    return { proven, text }
  }

  return {
    async clearLogs(id) {
      await (await actionsOf(id)).clearLogs()
      return done
    },
    async clearStats(id) {
      await (await actionsOf(id)).clearStats()
      return done
    },
    async memory(id, name) {
      checkName(name)
      return { name, content: await (await actionsOf(id)).readMemory(name) }
    },
    async saveMemory(id, { name, content, basedOn }) {
      checkName(name)
      const proven = await prove(id)
      checkPlace(proven, name)
      const now = await contentNow(proven, name)
      if (now !== basedOn && now !== content)
        throw new AppError('changed-meanwhile', { what: now === null ? 'The memory' : `The memory ${name}` })
      await save(id, proven, name, content)
      return { name, content: await proven.connection.actions.readMemory(name) }
    },
    async renameMemory(id, { from, to }) {
      checkName(from)
      checkName(to)
      const proven = await prove(id)
      checkPlace(proven, from)
      checkPlace(proven, to)
      await proven.connection.actions.renameMemory(from, to)
      return done
    },
    async deleteMemory(id, { name }) {
      checkName(name)
      const proven = await prove(id)
      checkPlace(proven, name)
      await proven.connection.actions.deleteMemory(name)
      return done
    },
    async languages(id) {
      const languages = await (await actionsOf(id)).languages()
      return languages === null
        ? { isAvailable: false, since: '1.0.0', why: 'This Serena cannot change its languages.' }
        : { isAvailable: true, data: { languages } }
    },
    async addLanguage(id, { language }) {
      await (await actionsOf(id)).addLanguage(language)
      return done
    },
    async removeLanguage(id, { language }) {
      await (await actionsOf(id)).removeLanguage(language)
      return done
    },
    cancelExecution: async (id, { taskId }) => ({
      wasCancelled: await (await actionsOf(id)).cancelExecution(taskId),
    }),
    async setOpensOnLaunch(id, { isOn }) {
      await (await actionsOf(id)).setOpensOnLaunch(isOn)
      return done
    },
    async news(id) {
      const items = await (await actionsOf(id)).news()
      return items === null
        ? { isAvailable: false, since: '1.0.0', why: 'This Serena brings no news.' }
        : { isAvailable: true, data: { items } }
    },
    async markNewsRead(id, { id: newsId }) {
      await (await actionsOf(id)).markNewsRead(newsId)
      return done
    },
    async shutdown(id) {
      const { connection, track } = await prove(id)
      const { identity, pid } = track.serena.process
      await connection.actions.shutdown()
      for (let waitedMs = 0; waitedMs < SHUTDOWN_MS; waitedMs += SHUTDOWN_STEP_MS) {
        if (await deps.isGone(identity, pid)) return { hasEnded: true }
        await new Promise((resolve) => setTimeout(resolve, SHUTDOWN_STEP_MS))
      }
      return { hasEnded: false }
    },
    async configuration(id) {
      const text = await (await actionsOf(id)).readConfiguration()
      return { text: configuration.mask(text), etag: configuration.etagOf(text) }
    },
    async previewConfiguration(id, { text: edited, etag }) {
      const { text } = await unchangedConfiguration(id, etag)
      return configuration.preview(text, configuration.unmask(edited, text))
    },
    async saveConfiguration(id, { text: edited, etag, hash }) {
      const { proven, text } = await unchangedConfiguration(id, etag)
      const next = configuration.unmask(edited, text)
      const preview = configuration.preview(text, next)
      if (preview.hash !== hash) throw new AppError('diff-not-seen')
      if (preview.problem !== null) throw new AppError('bad-input', { issue: preview.problem })
      deps.backUp(text)
      await proven.connection.actions.saveConfiguration(next)
      const saved = await proven.connection.actions.readConfiguration()
      if (saved !== next) throw new AppError('outcome-unknown', { what: 'saving the configuration' })
      return { text: configuration.mask(saved), etag: configuration.etagOf(saved) }
    },
  }
}
