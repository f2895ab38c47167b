// Each text is parsed back as its client would parse it.
import { type ParseError, parse as parseJson } from 'jsonc-parser'
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { type SnippetFacts, snippetOf } from './snippet.ts'
import { SNIPPET_CLIENTS, type SnippetClient, snippetClientOf } from './snippet-clients.ts'

const facts: SnippetFacts = {
  connect: ['C:\\Program Files\\node.exe', '/opt/de"ck/cli.js', 'connect'],
  baseUrl: 'http://127.0.0.1:25283/mcp/',
  projectSegment: '%2Fhome%2Fana%2Fsh%C3%B6p',
  token: 'TOKEN',
  pathSecret: 'SECRET',
}

function parsed({ format }: SnippetClient, text: string): unknown {
  if (format === 'toml') return getStaticTOMLValue(parseTOML(text))
  if (format === 'yaml') return parseYaml(text)
  const errors: ParseError[] = []
  const value: unknown = parseJson(text, errors)
  expect(errors).toEqual([])
  return value
}

function entryIn(client: SnippetClient, text: string): Record<string, unknown> {
  const list = client.path.reduce(
    (value, key) => (value as Record<string, unknown>)[key],
    parsed(client, text),
  )
  const entry = client.list === 'list' ? (list as unknown[])[0] : (list as Record<string, unknown>)['serena']
  return entry as Record<string, unknown>
}

const named = (id: string): SnippetClient => {
  const client = snippetClientOf(id)
  if (client === null) throw new Error(`no client ${id}`)
  return client
}
const wordsOf = (entry: Record<string, unknown>): unknown[] =>
  Array.isArray(entry['command'])
    ? entry['command']
    : [entry['command'] ?? entry['cmd'], ...(entry['args'] as unknown[])]

describe.each(SNIPPET_CLIENTS.map((client) => [client.id, client] as const))('%s', (_, client) => {
  it('starts connect with an absolute program and the context of the client', () => {
    expect(wordsOf(entryIn(client, snippetOf(client, facts).command))).toEqual([
      ...facts.connect,
      '--',
      'serena',
      'start-mcp-server',
      '--context',
      client.context,
      ...client.project,
    ])
  })
})

const withUrl = SNIPPET_CLIENTS.filter(({ url }) => url !== null)
describe.each(withUrl.map((client) => [client.id, client] as const))('the URL of %s', (_, client) => {
  it('names the project and proves itself once, in a header or in the URL', () => {
    const entry = entryIn(client, snippetOf(client, facts).url ?? '')
    const text = JSON.stringify(entry)
    const query = `?context=${client.context}`
    expect(text).toContain(
      client.sendsHeaders
        ? `"http://127.0.0.1:25283/mcp/%2Fhome%2Fana%2Fsh%C3%B6p${query}"`
        : `"http://127.0.0.1:25283/mcp/SECRET/%2Fhome%2Fana%2Fsh%C3%B6p${query}"`,
    )
    expect(text.includes('"Authorization":"Bearer TOKEN"')).toBe(client.sendsHeaders)
    expect(text.includes('TOKEN')).toBe(client.sendsHeaders)
  })
})

it.each([
  ['claude-code', ['type', 'url', 'headers']],
  ['codex', ['url', 'http_headers']],
  ['cursor', ['url', 'headers']],
  ['vscode', ['type', 'url', 'headers']],
  ['gemini-cli', ['httpUrl', 'headers']],
  ['windsurf', ['serverUrl']],
  ['goose', ['type', 'uri', 'headers', 'enabled', 'timeout']],
])('writes the keys that %s reads for a URL', (id, keys) => {
  expect(Object.keys(entryIn(named(id), snippetOf(named(id), facts).url ?? ''))).toEqual(keys)
})

it('has no URL for clients whose file does not support one', () => {
  expect(snippetOf(named('claude-desktop'), facts).url).toBeNull()
})

it('finds a client by its other names, in any letter case', () => {
  expect([snippetClientOf('Claude')?.id, snippetClientOf('VS-Code')?.id]).toEqual(['claude-code', 'vscode'])
  expect(snippetClientOf('emacs')).toBeNull()
})

it('contains no name twice', () => {
  const words = SNIPPET_CLIENTS.flatMap(({ id, aliases }) => [id, ...aliases])
  expect(new Set(words).size).toBe(words.length)
})
