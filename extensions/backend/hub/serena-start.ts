// How the hub starts a Serena: with the settings of its first client, and without a dashboard page of its own.
import { stateFolder } from '../os/paths.ts'
import { readHomeFully } from '../wrap/read-home.ts'
import { suppressDashboard, UNKNOWN_FLAG_CODE } from '../wrap/suppress-dashboard.ts'
import { readWrapSettings, type WrapSettings } from '../wrap/wrap-settings.ts'
import { type CallLimits, readCallLimits } from './call-limits.ts'
import type { SerenaStart } from './kept-serenas.ts'
import type { ClientHello } from './protocol.ts'
import { startSerenaChild } from './serena-child.ts'
import type { SerenaSpec } from './serena-spec.ts'

/** For a hub, unless the settings name another time. */
const IDLE_SHUTDOWN_MINUTES = 30

export interface StartDeps {
  /** Runs the command line of this copy. */
  productCommand: readonly [program: string, ...args: string[]]
  onFault(error: unknown): void
}

/** Prepares the start of a Serena for its first client. */
export function createSerenaStart(spec: SerenaSpec, hello: ClientHello, deps: StartDeps): SerenaStart {
  let settings: WrapSettings | null = null
  let limits: CallLimits | null = null
  let isFlagRefused = false
  let usesFlag = false
  let runningPid: number | null = null

  return {
    async start(child) {
      limits = readCallLimits(spec)
      settings ??= await readWrapSettings(hello.flags, spec.serenaHome, readHomeFully)
      const quiet = settings.isGlobal ? suppressDashboard(spec.command, hello.flags.isGlobal === true) : null
      usesFlag = quiet !== null && !isFlagRefused
      return startSerenaChild(usesFlag && quiet ? { ...spec, command: quiet } : spec, child)
    },
    mayRetry({ code, hadNoOutput }) {
      if (!usesFlag || code !== UNKNOWN_FLAG_CODE || !hadNoOutput) return false
      isFlagRefused = true
      return true
    },
    callLimits: () => limits,
    idleShutdownMinutes: (hasRepl) =>
      settings?.idleShutdownMinutes ??
      hello.flags.idleShutdownMinutes ??
      (hasRepl ? null : IDLE_SHUTDOWN_MINUTES),
    changed(pid) {
      if (pid === runningPid) return
      runningPid = pid
      if (pid !== null && settings !== null)
        openDashboard(hello, settings, deps, () => runningPid === pid).catch(deps.onFault)
    },
  }
}

/** Starts the backend of the shared dashboard. The deck knows the Serenas of the hub without registry entries. */
async function openDashboard(
  hello: ClientHello,
  settings: WrapSettings,
  { productCommand }: StartDeps,
  isRunning: () => boolean,
): Promise<void> {
  if (!settings.isGlobal || !settings.opensOnLaunch) return
  const [{ startBackendForOpening }, { loadLightEnder }] = await Promise.all([
    import('../wrap/start-backend.ts'),
    import('../os/light-ender.ts'),
  ])
  const ender = await loadLightEnder()
  if (!isRunning()) return
  await startBackendForOpening({
    stateFolder: stateFolder(process.env, process.platform),
    productCommand,
    port: settings.globalPort,
    env: { ...hello.env },
    clientPid: hello.pid,
    list: () => ender.list(),
  })
}
