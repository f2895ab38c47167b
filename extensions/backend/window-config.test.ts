// N68: the window's configuration keeps what makes it safe. Whoever changes a line of it changes this on purpose.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { EXTENSION_ID } from '#contract/window'
import { RUNTIME_DATA } from './os/launch/leftovers.ts'
import { RUNTIME_VERSION } from './os/runtime/pins.ts'

const file = join(import.meta.dirname, '..', '..', 'neutralino.config.json')
const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>

test('N68: tokens once, any port, nothing exported or injected, the smallest list of methods, no list of forbidden ones', () => {
  expect(config).toMatchObject({
    port: 0,
    tokenSecurity: 'one-time',
    exportAuthInfo: false,
    singlePageServe: false,
    defaultMode: 'window',
    documentRoot: '/resources/app/',
    modes: {
      window: {
        injectGlobals: false,
        injectClientLibrary: false,
        enableInspector: false,
        newWindowPolicy: 'browser',
      },
    },
    extensions: [{ id: EXTENSION_ID }],
    cli: { binaryVersion: RUNTIME_VERSION },
  })
  expect(Object.keys(config['modes'] as object)).toEqual(['window'])
  expect(config).not.toHaveProperty('nativeBlockList')
  expect(JSON.stringify(config)).not.toContain('nativeBlockList')
  const allowed = config['nativeAllowList'] as string[]
  expect(
    allowed.filter((method) => /\*|^(filesystem|net|server|storage|debug|custom|clipboard)\./.test(method)),
  ).toEqual([])
  expect(allowed.filter((method) => method.startsWith('os.'))).toEqual(['os.setTray', 'os.showNotification'])
  expect(allowed).not.toContain('app.killProcess')
})

test('N68: what the page may call, and what the window starts, to the letter', () => {
  expect(config['nativeAllowList']).toMatchInlineSnapshot(`
    [
      "app.broadcast",
      "app.exit",
      "extensions.dispatch",
      "extensions.getStats",
      "os.setTray",
      "os.showNotification",
      "window.focus",
      "window.getPosition",
      "window.getSize",
      "window.hide",
      "window.move",
      "window.setAlwaysOnTop",
      "window.setSize",
      "window.setTitle",
      "window.show",
      "window.unminimize",
    ]
  `)
  expect(config['extensions']).toMatchInlineSnapshot(`
    [
      {
        "commandDarwin": "h=$(cat); n=1; while t=$(date +%s); printf %s "$h" | "$SERENA_DECK_NODE" "$SERENA_DECK_CLI" extension; c=$?; [ $c -gt 128 ]; do [ $(($(date +%s)-t)) -gt 60 ] && n=1; [ $n -le 16 ] || break; sleep $n; kill -0 $PPID || break; n=$((n*2)); done; exit $c",
        "commandLinux": "unset $SERENA_DECK_LEAN; h=$(cat); n=1; while t=$(date +%s); printf %s "$h" | "$SERENA_DECK_NODE" "$SERENA_DECK_CLI" extension; c=$?; [ $c -gt 128 ]; do [ $(($(date +%s)-t)) -gt 60 ] && n=1; [ $n -le 16 ] || break; sleep $n; kill -0 $PPID || break; n=$((n*2)); done; exit $c",
        "commandWindows": "cmd /d /s /c ""%SERENA_DECK_NODE%" "%SERENA_DECK_CLI%" extension"",
        "id": "io.serena-deck.backend",
      },
    ]
  `)
})

test('what uninstall removes is the folder that the runtime makes of the application id', () => {
  expect(String(config['applicationId']).replace(/[^\w.]/g, '')).toBe(RUNTIME_DATA)
})

test('its page runs its own scripts and talks to this machine alone', () => {
  const policy = (config['serverHeaders'] as Record<string, string>)['Content-Security-Policy'] ?? ''
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
  expect(policy).not.toContain('unsafe')
  expect(policy.match(/connect-src [^;]*/)?.[0]).toBe(
    "connect-src 'self' ws://127.0.0.1:* http://127.0.0.1:*",
  )
})

test.skipIf(process.platform === 'win32').each(['commandLinux', 'commandDarwin'])(
  'F22: the shell of %s starts a killed backend again, waits longer each time, and says that it failed',
  (name) => {
    const [extension] = config['extensions'] as Record<string, string>[]
    const folder = mkdtempSync(join(tmpdir(), 'serena-deck-window-'))
    /** Runs it with a backend that does this; the seconds it waited, with the handshakes between them. */
    const run = (
      backend: string,
      clock = 'echo 0',
      pause = ':',
    ): { code: number | null; heard: string[] } => {
      const log = join(folder, 'log')
      const programs = {
        node: `cat >> log; echo >> log; ${backend}`,
        sleep: `echo "$1" >> log; ${pause}`,
        date: clock,
      }
      for (const [program, does] of Object.entries(programs)) {
        writeFileSync(join(folder, program), `#!/bin/sh\ncd '${folder}'\n${does}\n`)
        chmodSync(join(folder, program), 0o700)
      }
      writeFileSync(log, '')
      const { status } = spawnSync('sh', ['-c', 'sh -c "$1"; exit $?', 'window', extension?.[name] ?? ''], {
        input: '{"nlPort":"1"}',
        env: {
          PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
          SERENA_DECK_NODE: join(folder, 'node'),
          SERENA_DECK_CLI: 'cli.js',
        },
        timeout: 20_000,
      })
      return { code: status, heard: readFileSync(log, 'utf8').trim().split('\n') }
    }
    const again = (...waits: number[]): string[] => [
      '{"nlPort":"1"}',
      ...waits.flatMap((wait) => [String(wait), '{"nlPort":"1"}']),
    ]
    try {
      expect(run('kill -9 $$')).toEqual({ code: 137, heard: again(1, 2, 4, 8, 16) })
      // The third one runs for two minutes.
      const clock = 'grep -c nl log > n; [ "$(cat n)" -gt 2 ] && echo 120 || echo 0'
      const lucky = run('[ $(grep -c nl log) -lt 4 ] && kill -9 $$; exit 0', clock)
      expect(lucky).toEqual({ code: 0, heard: again(1, 2, 1) })
      expect(run('exit 1')).toEqual({ code: 1, heard: again() })
      // The window goes while it waits.
      const end = 'w=$(ps -o ppid= -p $PPID); kill -9 $w; while kill -0 $w 2>/dev/null; do :; done'
      const gone = run('kill -9 $$', 'echo 0', end)
      expect(gone).toEqual({ code: null, heard: [...again(), '1'] })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
