// The script that starts the backend of the native window, run as the window runs it, with stand-ins for Node, sleep and date.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')
const config = JSON.parse(readFileSync(join(root, 'neutralino.config.json'), 'utf8')) as {
  extensions: [Record<string, string>]
}
const HANDSHAKE = '{"nlPort":"1"}'

let folder = ''
beforeEach(() => {
  // A path that a shell would split or expand, were it not quoted.
  folder = mkdtempSync(join(tmpdir(), 'serena deck $HOME `window` '))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Backend {
  /** The shell commands of the backend. */
  does: string
  /** The shell commands of `date`, which prints seconds. */
  clock?: string
  /** The shell commands of `sleep`. */
  pause?: string
}

/** Returns the exit code, and the handshakes of the backends with the seconds of the waits between them. */
function run(
  key: string,
  { does, clock = 'echo 0', pause = ':' }: Backend,
): { code: number | null; log: string[] } {
  const log = join(folder, 'log')
  const programs = {
    node: `cat >> log; echo >> log; echo "$@" > arguments; env > environment; ${does}`,
    sleep: `echo "$1" >> log; ${pause}`,
    date: clock,
  }
  for (const [program, commands] of Object.entries(programs)) {
    writeFileSync(join(folder, program), `#!/bin/sh\ncd "$TEST_FOLDER"\n${commands}\n`)
    chmodSync(join(folder, program), 0o700)
  }
  writeFileSync(log, '')
  const script = join(folder, 'start-backend.sh')
  writeFileSync(script, readFileSync(join(import.meta.dirname, 'start-backend.sh')))
  const { status } = spawnSync(
    'sh',
    ['-c', 'sh -c "$1"; exit $?', 'window', config.extensions[0][key] ?? ''],
    {
      input: HANDSHAKE,
      env: {
        PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
        TEST_FOLDER: folder,
        SERENA_DECK_NODE: join(folder, 'node'),
        SERENA_DECK_CLI: 'cli.js',
        SERENA_DECK_START_SCRIPT: script,
        SERENA_DECK_LEAN: 'JSC_useJIT GDK_GL',
        JSC_useJIT: '0',
        GDK_GL: 'disable',
      },
      timeout: 20_000,
    },
  )
  return { code: status, log: readFileSync(log, 'utf8').trim().split('\n') }
}

const restarts = (...waits: number[]): string[] => [
  HANDSHAKE,
  ...waits.flatMap((wait) => [String(wait), HANDSHAKE]),
]

describe.skipIf(process.platform === 'win32').each(['commandLinux', 'commandDarwin'])('%s', (key) => {
  it('passes the handshake to the backend, without the settings for the window alone', () => {
    expect(run(key, { does: 'exit 0' })).toEqual({ code: 0, log: restarts() })
    expect(readFileSync(join(folder, 'arguments'), 'utf8')).toBe('cli.js extension\n')
    const environment = readFileSync(join(folder, 'environment'), 'utf8')
    expect(environment).toContain('SERENA_DECK_NODE=')
    expect(environment).not.toMatch(/^(JSC_useJIT|GDK_GL)=/m)
  })

  it('restarts a killed backend five times, waits longer each time, and reports its exit code', () => {
    expect(run(key, { does: 'kill -9 $$' })).toEqual({ code: 137, log: restarts(1, 2, 4, 8, 16) })
  })

  it('resets the wait after a backend that ran for more than a minute', () => {
    // The third one runs for two minutes.
    const clock = 'grep -c nl log > n; [ "$(cat n)" -gt 2 ] && echo 120 || echo 0'
    const does = '[ $(grep -c nl log) -lt 4 ] && kill -9 $$; exit 0'
    expect(run(key, { does, clock })).toEqual({ code: 0, log: restarts(1, 2, 1) })
  })

  it('does not restart a backend that exits by itself', () => {
    expect(run(key, { does: 'exit 1' })).toEqual({ code: 1, log: restarts() })
  })

  it('does not restart the backend of a window that exited meanwhile', () => {
    const pause = 'w=$(ps -o ppid= -p $PPID); kill -9 $w; while kill -0 $w 2>/dev/null; do :; done'
    expect(run(key, { does: 'kill -9 $$', pause })).toEqual({ code: null, log: [...restarts(), '1'] })
  })
})
