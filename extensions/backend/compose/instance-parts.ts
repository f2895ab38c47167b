// The deck's instances with their scheduler, and the starts that failed.
import { briefOwnerWords } from '#contract/owner-words'
import { createDashboards } from '../dashboards/dashboards.ts'
import { createInstances, type InstancesDeps } from '../instances/instances.ts'
import { createScheduler } from '../instances/scheduler.ts'
import type { Track } from '../instances/track.ts'
import { idOf } from '../instances/tracks.ts'
import { createUsageTraces } from '../instances/usage-traces.ts'
import { defaultSerenaHome, onlyHomes } from '../os/paths.ts'
import { processMayRun } from '../os/process-may-run.ts'
import { createRegistryReader } from '../registry/read-registry.ts'
import { parseSerenaCommand } from '../serena/command-line.ts'
import { findLogOf, logModifiedAtMs, readLogHead } from '../serena/log-head.ts'
import { createSettingsReader } from '../serena/read-settings.ts'
import { findSerenas } from '../serena/serena-processes.ts'
import { createFailedStarts, type EndedSerena } from '../starts/failed-starts.ts'
import { findGroupFlags } from '../verdict/flags/group-flags.ts'
import { judge } from '../verdict/verdict.ts'
import type { DeckBase, DeckParts } from './deck-base.ts'

/** Creates the instances of one deck; `isRegistered`: by Serena's own push. */
export function createInstanceParts(
  base: DeckBase,
  isRegistered: NonNullable<InstancesDeps['hasRegisteredItself']>,
  { hub, labelOf }: Pick<InstancesDeps, 'hub'> & Required<Pick<InstancesDeps, 'labelOf'>>,
): DeckParts & { close(): void } {
  const { source, clock, env, platform, onFault } = base
  const dashboards = createDashboards({ now: clock.monotonic, ownsConnection: source.ownsConnection })
  const homes = createSettingsReader()
  const reader = createRegistryReader()
  const instances = createInstances({
    ...base,
    hub,
    labelOf,
    findSerenas,
    judge,
    findFlags: findGroupFlags,
    connect: (target) => dashboards.connect(target),
    trustedHostsOf: (home) => homes.read(home).webDashboardTrustedHosts,
    logs: { readHead: readLogHead, modifiedAtMs: logModifiedAtMs, find: findLogOf },
    readRegistry: (serenaHomes) => reader.read(serenaHomes),
    ownSerenaHome: defaultSerenaHome(env, platform),
    onlyHomes: onlyHomes(env, platform),
    ownPid: process.pid,
    onEnded(track, instance) {
      if (!track.serena.isLauncherOnly) starts.take(endedOf(track, instance))
    },
    onScan: (list) => usage.take(list),
    hasRegisteredItself: isRegistered,
  })
  const usage = createUsageTraces({ clock, hub: hub.current })
  instances.subscribe(({ handovers }) => usage.follow(handovers))
  const starts = createFailedStarts({
    nowMs: clock.wall,
    homes: () => instances.current().serenaHomes,
    mayRun: processMayRun,
  })
  instances.subscribe(({ changed }) => starts.see(changed))
  const isSerenaLike = (argv: readonly string[]): boolean => parseSerenaCommand(argv) !== null
  const scheduler = createScheduler({ instances, source, clock, onFault, isSerenaLike })
  return {
    ...base,
    starts,
    instances,
    scheduler,
    usage,
    close() {
      instances.close()
      dashboards.close()
    },
  }
}

function endedOf(track: Track, instance: Parameters<NonNullable<InstancesDeps['onEnded']>>[1]): EndedSerena {
  const { pid, startedAtMs } = track.serena.process
  return {
    id: idOf(track),
    pid,
    startedAtMs,
    serenaHome: track.home.serenaHome,
    project: instance?.project ?? track.project,
    client: instance?.owner ? briefOwnerWords(instance.owner) : null,
  }
}
