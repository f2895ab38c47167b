// A minimal fake Serena with a language server that ignores the exit of its parent, and a program of a tool.
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { guardProcess, isAlive, markProcess, markTree, type ProcessMark, signalProcess } from './processes.ts'
import type { Scope } from './scope.ts'
import { makeTempFolder } from './temp-home.ts'
import { waitUntil } from './wait-until.ts'

const WAITS = 'setTimeout(() => undefined, 1e8)'
const PROGRAM = `
const { spawn } = require('node:child_process')
const server = '${WAITS}; require("node:child_process").spawn(process.execPath, ["-e", "${WAITS}"], { stdio: "ignore" })'
spawn(process.execPath, ['-e', server], { detached: true, stdio: 'ignore', argv0: 'gopls' })
spawn(process.execPath, ['-e', '${WAITS}'], { stdio: 'ignore' })
${WAITS}
`

export interface LeavingTree {
  serena: ProcessMark
  /** The Serena, its language server, the child of the server, and the program of a tool. */
  tree: readonly ProcessMark[]
}

/** Starts the four, of a project named `shop`; all are killed when the scope ends. */
export async function startLeavingTree(scope: Scope, serenaHome: string): Promise<LeavingTree> {
  const program = join(await makeTempFolder(scope, 'leaving'), 'serena')
  await writeFile(program, PROGRAM)
  const words = [program, 'start-mcp-server', '--project', '/srv/shop', '--enable-web-dashboard', 'false']
  const child = spawn(process.execPath, words, {
    env: { ...process.env, SERENA_HOME: serenaHome },
    stdio: 'ignore',
  })
  const serena = markProcess(child.pid ?? 0)
  if (!serena) throw new Error('the stand-in exited at startup')
  guardAll(scope, [serena])
  const tree = await waitUntil('its children', () => {
    const marks = markTree(serena.pid)
    return marks.length === 4 ? marks : null
  })
  guardAll(scope, tree)
  return { serena, tree }
}

/** Killed when the scope ends, even if the test fails. */
export function guardAll(scope: Scope, marks: readonly ProcessMark[]): void {
  for (const mark of marks) {
    const release = guardProcess(mark)
    scope.add(() => {
      if (isAlive(mark)) signalProcess(mark, 'SIGKILL')
      release()
    })
  }
}
