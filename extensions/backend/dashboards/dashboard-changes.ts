// What the page may change in an instance. Before each change the instance proves again that it owns its port.
import { createConfigurationChanges } from './configuration-changes.ts'
import type { DashboardChangeDeps } from './dashboard-change-deps.ts'
import type { DashboardActions, DashboardChanges } from './dashboard-service.ts'
import { createMemoryChanges } from './memory-changes.ts'

/** A Serena that stops its language servers needs seconds; one whose parent is not init needs 4 s more. */
const SHUTDOWN_MS = 12_000
const SHUTDOWN_STEP_MS = 100

/** Returns the changes of one deck. */
export function createDashboardChanges(deps: DashboardChangeDeps): DashboardChanges {
  const actionsOf = async (id: string): Promise<DashboardActions> => (await deps.prove(id)).connection.actions
  const done = async (id: string, act: (actions: DashboardActions) => Promise<void>) => {
    await act(await actionsOf(id))
    return { isDone: true } as const
  }

  return {
    ...createMemoryChanges(deps),
    ...createConfigurationChanges(deps),
    clearLogs: (id) => done(id, (actions) => actions.clearLogs()),
    clearStats: (id) => done(id, (actions) => actions.clearStats()),
    async languages(id) {
      const languages = await (await actionsOf(id)).languages()
      return languages === null
        ? { isAvailable: false, since: '1.0.0', why: 'This version of Serena cannot change its languages.' }
        : { isAvailable: true, data: { languages } }
    },
    addLanguage: (id, { language }) => done(id, (actions) => actions.addLanguage(language)),
    removeLanguage: (id, { language }) => done(id, (actions) => actions.removeLanguage(language)),
    cancelExecution: async (id, { taskId }) => ({
      wasCancelled: await (await actionsOf(id)).cancelExecution(taskId),
    }),
    setOpensOnLaunch: (id, { isOn }) => done(id, (actions) => actions.setOpensOnLaunch(isOn)),
    async news(id) {
      const items = await (await actionsOf(id)).news()
      return items === null
        ? { isAvailable: false, since: '1.0.0', why: 'This version of Serena has no news.' }
        : { isAvailable: true, data: { items } }
    },
    markNewsRead: (id, { id: newsId }) => done(id, (actions) => actions.markNewsRead(newsId)),
    shutdown: (id) => shutDown(deps, id),
  }
}

async function shutDown(
  { prove, hasExited }: DashboardChangeDeps,
  id: string,
): Promise<{ hasEnded: boolean }> {
  const { connection, track } = await prove(id)
  const { identity, pid } = track.serena.process
  await connection.actions.shutdown()
  for (let waitedMs = 0; waitedMs < SHUTDOWN_MS; waitedMs += SHUTDOWN_STEP_MS) {
    if (await hasExited(identity, pid)) return { hasEnded: true }
    await new Promise((resolve) => setTimeout(resolve, SHUTDOWN_STEP_MS))
  }
  return { hasEnded: false }
}
