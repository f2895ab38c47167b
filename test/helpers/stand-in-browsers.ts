// Browsers that only note what they were asked to open.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Scope } from './scope.ts'
import { makeTempFolder } from './temp-home.ts'

/** A folder with programs that stand in for every way to open a browser; each call adds a line. */
export async function standInBrowsers(
  scope: Scope,
): Promise<{ env: NodeJS.ProcessEnv; opened: () => string[] }> {
  const folder = await makeTempFolder(scope, 'browsers')
  const log = join(folder, 'opened')
  for (const name of [
    'xdg-open',
    'x-www-browser',
    'firefox',
    'google-chrome',
    'sensible-browser',
    'gio',
    'open',
  ]) {
    const file = join(folder, name)
    writeFileSync(
      file,
      `#!/bin/sh\nfor word in "$@"; do last=$word; done\necho "${name} $(cat "$last" 2>/dev/null || echo "$last")" >> '${log}'\n`,
    )
    chmodSync(file, 0o755)
  }
  return {
    env: {
      PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
      BROWSER: join(folder, 'x-www-browser'),
      DISPLAY: ':99',
      // No native window: its runtime lies in the person's cache.
      XDG_CACHE_HOME: folder,
    },
    opened: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
  }
}
