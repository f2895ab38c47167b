// The hub's URL, if it is wanted. What serves it is loaded only then: the hub runs for hours and must stay small.
import type { HubHttp, HubHttpDeps } from './http/start-http.ts'

export interface OptionalHttp extends HubHttp {
  /** Whether it is wanted: the hub then runs also without clients. */
  isOn(): boolean
}

/** Begins to read the settings, and starts the server if it is on. `words`: the arguments of the hub. */
export function startOptionalHttp(
  words: readonly string[],
  deps: Omit<HubHttpDeps, 'settings'>,
): OptionalHttp {
  let http: HubHttp | null = null
  let isOn = false
  let isClosed = false
  let fault: string | null = null

  async function begin(): Promise<void> {
    const { readHttpSettings } = await import('./http/http-settings.ts')
    const settings = await readHttpSettings(words, deps.env)
    isOn = settings.isOn
    if (!isOn || isClosed) return
    const { startHubHttp } = await import('./http/start-http.ts')
    http = startHubHttp({ ...deps, settings })
  }

  begin().catch((error: unknown) => {
    fault = error instanceof Error ? error.message : String(error)
    deps.onFault(error)
    deps.onChange()
  })
  return {
    isOn: () => isOn,
    url: () => http?.url() ?? null,
    fault: () => http?.fault() ?? fault,
    close() {
      isClosed = true
      http?.close()
    },
  }
}
