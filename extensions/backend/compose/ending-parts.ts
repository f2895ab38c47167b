// The deck's endings, and those that another backend left unfinished.
import { setTimeout as sleep } from 'node:timers/promises'
import { createDashboards } from '../dashboards/dashboards.ts'
import { createEnding, type EndingDeps, type EndingService } from '../ending/ending.ts'
import { createEndingJournals } from '../ending/ending-journal.ts'
import type { Instances } from '../instances/instances.ts'
import { launchLine } from '../instances/launch-texts.ts'
import { stateFolder } from '../os/paths.ts'
import { createProcessEnder } from '../os/process-ender.ts'
import type { DeadEntries } from '../registry/dead-entries.ts'
import { findSerenas } from '../serena/serena-processes.ts'
import { missesOf } from '../verdict/dashboard-rules.ts'
import type { DashboardParts } from './dashboard-parts.ts'
import type { DeckParts } from './deck-base.ts'
import { createUnfinishedEndings, type UnfinishedEndings } from './unfinished-endings.ts'

/** A higher limit than for the list: before an ending all hung dashboards are probed at once, each up to its own limit. */
const ASKED_AT_ONCE = 64

export interface EndingParts {
  ending: EndingService
  unfinished: UnfinishedEndings
  close(): void
}

/** Creates the endings of one deck. */
export function createEndingParts(
  parts: DeckParts,
  { prove }: Pick<DashboardParts['dashboards'], 'prove'>,
  entries: DeadEntries,
): EndingParts {
  const { instances, scheduler, notices, source, env, platform } = parts
  const { monotonic: now } = parts.clock
  const probes = createDashboards({
    now,
    ownsConnection: source.ownsConnection,
    inFlight: ASKED_AT_ONCE,
  })
  const shared = {
    ender: createProcessEnder(platform),
    limits: { ownPid: process.pid, ownUid: source.ownUid },
    clock: { now, sleep: (ms: number) => sleep(ms) },
    journals: createEndingJournals(stateFolder(env, platform)),
  }
  const unfinished = createUnfinishedEndings({ ...shared, findSerenas }, notices.changed)
  const ending = createEnding({
    ...shared,
    ...trackFacts(instances, platform),
    current: instances.current,
    scan: scheduler.scanNow,
    findLeft: instances.findLeft,
    findLeftTree: instances.findLeftTree,
    findSerenas: (table) => findSerenas(table, instances.connections()),
    ask: async (id) => (await prove(id)).connection.actions.shutdown(),
    answers: (id) => isAnswering(instances.find(id)?.dashboard.target() ?? null, probes),
    refusalOfEntry: (entry) => entries.whyKept(entry),
    removeEntry: (entry) => entries.remove(entry),
    finishUnfinished: unfinished.finish,
  })
  return {
    unfinished,
    ending: {
      ...ending,
      end(request) {
        instances.ignoreEnds(request.ids)
        return ending.end(request)
      },
    },
    close: probes.close,
  }
}

type Target = Parameters<ReturnType<typeof createDashboards>['connect']>[0]

/** Sends one heartbeat, even if none is due. */
async function isAnswering(
  target: Target | null,
  probes: ReturnType<typeof createDashboards>,
): Promise<boolean> {
  if (!target) return false
  const connection = probes.connect(target)
  try {
    return (await connection.heartbeat()).result === 'answered'
  } finally {
    connection.close()
  }
}

function trackFacts(
  instances: Pick<Instances, 'find'>,
  platform: NodeJS.Platform,
): Pick<EndingDeps, 'find' | 'launchOf' | 'launchProblemOf'> {
  return {
    find(id) {
      const track = instances.find(id)
      if (!track) return null
      const dashboard = track.dashboard.watch()?.knowledge() ?? null
      return {
        serena: track.serena,
        details: track.home.details,
        client: track.client(),
        remote: track.remote.facts(),
        // An orphan may also hang: do not wait for a dashboard that missed its last probe.
        isAnswering: dashboard?.hasAnswered === true && missesOf(dashboard).length === 0,
      }
    },
    launchOf(id) {
      const track = instances.find(id)
      return track && launchLine(track, platform)
    },
    launchProblemOf(id) {
      const { program, folder } = instances.find(id)?.removed ?? { program: null, folder: null }
      if (program !== null) return `Unusable: ${program} was removed or renamed.`
      return folder === null ? null : `Unusable: the folder ${folder} no longer exists.`
    },
  }
}
