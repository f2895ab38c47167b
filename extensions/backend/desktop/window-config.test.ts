// The window's configuration keeps what makes it safe. A change of it must change this file as well.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EXTENSION_ID } from '#contract/window'
import { RUNTIME_VERSION } from '../window/runtime/pins.ts'
import { RUNTIME_DATA } from './own-files.ts'

const file = join(import.meta.dirname, '..', '..', '..', 'neutralino.config.json')
const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>

test('one-time tokens, any port, nothing exported or injected, an allow list of few methods and no block list', () => {
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

test('the exact methods that the page may call, and the exact commands of the extension', () => {
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
        "commandDarwin": "exec sh "$SERENA_DECK_START_SCRIPT"",
        "commandLinux": "exec sh "$SERENA_DECK_START_SCRIPT"",
        "commandWindows": "cmd /d /s /c ""%SERENA_DECK_NODE%" "%SERENA_DECK_CLI%" extension"",
        "id": "io.serena-deck.backend",
      },
    ]
  `)
})

test('the folder that uninstall removes is the one that the runtime derives from the application id', () => {
  expect(String(config['applicationId']).replace(/[^\w.]/g, '')).toBe(RUNTIME_DATA)
})

test('the page runs its own scripts only, and connects to this machine only', () => {
  const policy = (config['serverHeaders'] as Record<string, string>)['Content-Security-Policy'] ?? ''
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
  expect(policy).not.toContain('unsafe')
  expect(policy.match(/connect-src [^;]*/)?.[0]).toBe(
    "connect-src 'self' ws://127.0.0.1:* http://127.0.0.1:*",
  )
})
