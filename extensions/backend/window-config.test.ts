// N68: the window's configuration keeps what makes it safe. Whoever changes a line of it changes this on purpose.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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
