// Starts the stand-ins of the demo for tests; they are stopped when the scope ends.
import type { StandInInput } from '../../extensions/backend/demo/stand-in-options.ts'
import { type StandIn, startStandIn } from '../../extensions/backend/demo/start-stand-in.ts'
import { guardProcess, markProcess } from './processes.ts'
import type { Scope } from './scope.ts'
import { makeTempFolder } from './temp-home.ts'

export interface TestStandInStart {
  /** Default: a new folder. */
  serenaHome?: string
  options?: StandInInput
  args?: readonly string[]
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Command before the program, such as a namespace. It must become the program (`exec`). */
  runner?: readonly string[]
}

/** Starts a stand-in; see StandInOptions. */
export async function startTestStandIn(scope: Scope, start: TestStandInStart = {}): Promise<StandIn> {
  const folder = await makeTempFolder(scope, 'stand-in')
  const { options = {}, serenaHome = folder, ...rest } = start
  const standIn = await startStandIn({ folder, serenaHome, options, ...rest })
  const mark = markProcess(standIn.pid)
  const release = mark === null ? (): void => undefined : guardProcess(mark)
  scope.add(async () => {
    await standIn.stop()
    release()
  })
  return standIn
}
