// A hub and a scripted Serena for one project, as most tests of the hub need them.
import type { HubFlags } from '../../extensions/backend/hub/protocol.ts'
import { type HubStart, startTestHub, type TestHub } from './hub.ts'
import type { ClientStart, HubClient } from './hub-client.ts'
import type { Scope } from './scope.ts'
import { makeScriptedSerena, type Script, type ScriptedSerena } from './scripted-serena.ts'
import { makeTempFolder } from './temp-home.ts'

export interface HubStage {
  hub: TestHub
  serena: ScriptedSerena
  project: string
  start: ClientStart
  /** Opens a client of the project; `name` null: it has sent no `initialize`. */
  open(name?: string | null): Promise<HubClient>
}

export type HubStageStart = HubStart & { script?: Script; flags?: Partial<HubFlags> }

/** Starts the hub; its Serena starts with the first client. */
export async function startHubStage(scope: Scope, of: HubStageStart = {}): Promise<HubStage> {
  const { script = {}, flags = {}, ...hubStart } = of
  const project = await makeTempFolder(scope, 'project')
  const serena = await makeScriptedSerena(scope, { script, args: ['--project', project] })
  const hub = await startTestHub(scope, hubStart)
  const start: ClientStart = { command: serena.command, env: serena.env, cwd: project, flags }
  return { hub, serena, project, start, open: (name = 'test') => hub.client({ ...start, name }) }
}
