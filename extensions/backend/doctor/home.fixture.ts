// Homes with configuration files of clients, for the tests of the doctor.
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createDoctor, type Doctor } from './doctor.ts'

export interface HomeFixture {
  home: string
  /** A Git project below it. */
  shop: string
  /** Writes more files: paths relative to the home, `@home` in a text stands for its folder. */
  write(files: Readonly<Record<string, string | object>>): void
  doctor: Doctor
  remove(): void
}

/** Makes a home with a Git project `shop` and these files. All are 0600, as clients with secrets write them. */
export function makeHome(files: Readonly<Record<string, string | object>>, now = Date.now()): HomeFixture {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'serena-deck-doctor-')))
  const write: HomeFixture['write'] = (more) => {
    for (const [name, content] of Object.entries(more)) {
      const file = join(home, name)
      mkdirSync(dirname(file), { recursive: true })
      const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`
      writeFileSync(file, text.replaceAll('@home', home))
      chmodSync(file, /\/bin\//.test(name) ? 0o700 : 0o600)
    }
  }
  mkdirSync(join(home, 'shop', '.git'), { recursive: true })
  write(files)
  const state = join(home, 'state')
  return {
    home,
    shop: join(home, 'shop'),
    write,
    doctor: createDoctor({
      // Only one home is watched: the Serenas of this machine are not examined.
      env: { HOME: home, SERENA_DECK_STATE: state, SERENA_DECK_ONLY_HOMES: join(home, '.serena'), PATH: '' },
      platform: 'linux',
      cwd: home,
      nowMs: () => now,
    }),
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}

/** The arguments of a Serena that fits most clients. */
export const start = (...more: readonly string[]): string[] => ['start-mcp-server', ...more]
/** An entry of most clients. */
export const stdio = (args: readonly string[], more: object = {}): object => ({
  command: 'serena',
  args,
  ...more,
})
/** A file of most clients. */
export const servers = (entries: Readonly<Record<string, object>>): object => ({ mcpServers: entries })

/** Files of an environment with that version of Serena, and its program on the path of the home. */
export const installed = (version: string): Record<string, string> => ({
  '.local/share/uv/tools/serena-agent/bin/serena': '#!/bin/sh\n',
  [`.local/share/uv/tools/serena-agent/lib/python3.11/site-packages/serena_agent-${version}.dist-info/METADATA`]:
    '',
})
