// Browsers that only record the addresses they are asked to open.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TestBackend } from './backend.ts'
import { runCli } from './cli.ts'
import type { Scope } from './scope.ts'
import { makeTempFolder } from './temp-home.ts'

/** Creates a folder with programs that replace every way to open a browser; each call adds a line. */
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
      // No native window: a new cache folder has no runtime.
      XDG_CACHE_HOME: folder,
    },
    opened: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
  }
}

/**
 * Returns the pages that the backend opened by itself. Opens one by hand first, with `open --browser`, which ends after its
 * browser has: a page that the backend opened before it has been noted by then.
 */
export async function pagesOpenedBy(
  { env }: Pick<TestBackend, 'env'>,
  opened: () => string[],
): Promise<string[]> {
  const { code, stderr } = await runCli(['open', '--browser'], { env })
  if (code !== 0) throw new Error(`cannot open a page by hand: ${stderr}`)
  const isByHand = (line: string): boolean => /#[\w-]+"/.test(line)
  const pages = opened()
  if (!pages.some(isByHand)) throw new Error(`no page was opened by hand: ${pages.join(', ')}`)
  return pages.filter((line) => !isByHand(line))
}
