// The files that real clients and installers wrote (test/fixtures/clients), each in a home of its own, against a table that was
// checked by hand (test/fixtures/client-entries.txt).
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ConfigEntry } from './config-entry.ts'
import { type ReadConfigs, readConfigs } from './read-configs.ts'
import { isSerenaEntry } from './serena-entry.ts'

const FIXTURES = join(import.meta.dirname, '../../../../test/fixtures')
const CLIENTS = join(FIXTURES, 'clients')

const rows = readFileSync(join(FIXTURES, 'client-entries.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
const foldersIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []))
const homes = foldersIn(CLIENTS).flatMap((name) =>
  foldersIn(join(CLIENTS, name)).map((scope) => `${name}/${scope}`),
)

function read(folder: string): Promise<ReadConfigs> {
  const home = join(CLIENTS, folder)
  const project = join(home, 'shop')
  return readConfigs({ home, platform: 'linux', projects: existsSync(project) ? [project] : [] })
}

function rowOf(folder: string, entry: ConfigEntry): string {
  const { client, scope, file, line, transport, command, url, env, enabled, ignored, isOldPlace } = entry
  return [
    folder,
    client,
    scope,
    file.slice(join(CLIENTS, folder).length + 1),
    line,
    transport,
    command?.join(' ') ?? url,
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ') || '-',
    enabled === null ? 'undecided' : enabled ? 'yes' : 'no',
    ignored !== undefined ? 'ignored' : isOldPlace ? 'old place' : '-',
  ].join(' | ')
}

describe('readConfigs', () => {
  it('has a row for each of the folders', () => {
    expect(homes.length).toBe(108)
    expect(rows.map((row) => row.split(' | ')[0])).toEqual(homes)
  })

  it.each(homes)('reads %s', async (folder) => {
    const { entries, unread, files } = await read(folder)
    expect(entries.map((entry) => rowOf(folder, entry))).toEqual(
      rows.filter((row) => row.startsWith(`${folder} | `)),
    )
    expect(entries.every(isSerenaEntry)).toBe(true)
    expect(unread).toEqual([])
    expect(files.map(({ file, text }) => readFileSync(file, 'utf8') === text)).toEqual([true])
  })
})
