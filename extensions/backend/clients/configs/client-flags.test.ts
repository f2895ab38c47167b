// The flags that clients give to a Serena, in the files of a temporary home.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ClientFlag } from '#contract/settings'
import { readClientFlags } from './client-flags.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'deck-flags-'))
})
afterEach(() => rmSync(home, { recursive: true }))

function write(path: string, text: string): string {
  const file = join(home, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

const serena = (...more: string[]): object => ({
  command: 'serena',
  args: ['start-mcp-server', ...more],
  env: { TOKEN: 'secret' },
})
const json = (servers: unknown, key = 'mcpServers'): string => JSON.stringify({ [key]: servers }, null, 2)
const read = (): Promise<ClientFlag[]> =>
  readClientFlags({ home, platform: 'linux', projects: [join(home, 'shop')] })
const flags = async (): Promise<string[]> => (await read()).map(({ flag }) => flag)

const OPENS = '--open-web-dashboard true'
const CLOSED = '--open-web-dashboard false'
const opening = serena('--open-web-dashboard', 'true')

describe('readClientFlags', () => {
  it('names the client and the file, of every format', async () => {
    const codex = write(
      '.codex/config.toml',
      `[mcp_servers.serena]\ncommand = "uvx"\nargs = ["serena", 'start-mcp-server', "--open-web-dashboard", "true"]\n`,
    )
    const goose = write(
      '.config/goose/config.yaml',
      'extensions:\n  serena:\n    cmd: serena\n    args: [start-mcp-server, --open-web-dashboard=false]\n',
    )
    const cursor = write('shop/.cursor/mcp.json', json({ serena: opening }))
    expect(await read()).toEqual([
      { client: 'Codex', file: codex, flag: OPENS, effect: 'opens' },
      { client: 'Cursor', file: cursor, flag: OPENS, effect: 'opens' },
      { client: 'Goose', file: goose, flag: CLOSED, effect: 'stays-closed' },
    ])
  })

  it("does not report a neighbor's flag as Serena's", async () => {
    const neighbor = { command: 'npx', args: ['browser-mcp', '--open-web-dashboard', 'true'] }
    const file = write('.cursor/mcp.json', json({ serena: serena(), neighbor }))
    expect(await flags()).toEqual([])
    writeFileSync(file, json({ neighbor, serena: serena('--open-web-dashboard', 'false') }))
    expect(await flags()).toEqual([CLOSED])
  })

  it('reports a flag of several servers once', async () => {
    write('.cursor/mcp.json', json({ a: opening, b: opening }))
    expect(await flags()).toEqual([OPENS])
  })

  it('accepts comments, trailing commas and a byte order mark', async () => {
    const text = `// mine\n{ "mcpServers": { "s": { "command": "serena", "args": ["start-mcp-server", /* x */ "--open-web-dashboard", "true",] } } }`
    const file = write('.cursor/mcp.json', `\ufeff${text}`)
    expect(await flags()).toEqual([OPENS])
    writeFileSync(file, text.replace('"--open', '// "--open'))
    expect(await flags()).toEqual([])
  })

  it.each([
    ['is switched off', { ...opening, disabled: true }, 'mcpServers'],
    ['its client does not read', opening, 'servers'],
  ])('leaves out an entry that %s', async (_, entry, key) => {
    write('.cursor/mcp.json', json({ serena: entry }, key))
    expect(await flags()).toEqual([])
  })

  it.each([
    ['no JSON', '.cursor/mcp.json', '"""\'\\\\"\u0000'],
    ['a torn file', '.cursor/mcp.json', json({ serena: opening }).slice(0, -4)],
    ['an empty file', '.cursor/mcp.json', ''],
    ['deep nesting', '.cursor/mcp.json', '['.repeat(200_000)],
    ['no TOML', '.codex/config.toml', '[mcp_servers'],
  ])('finds nothing in %s', async (_, path, text) => {
    write(path, text)
    expect(await read()).toEqual([])
  })

  it('returns nothing but the flag', async () => {
    write('.cursor/mcp.json', json({ s: opening }))
    expect(JSON.stringify(await read())).not.toContain('secret')
  })
})
