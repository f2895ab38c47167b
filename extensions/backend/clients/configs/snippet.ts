// The text to put into the configuration of a client, so that it uses the hub: with a command, and with a URL. Pure.
import { stringify } from 'yaml'
import type { SnippetClient } from './snippet-clients.ts'

export interface SnippetFacts {
  /** Starts `connect`, from anywhere. */
  connect: readonly [program: string, ...args: string[]]
  /** `http://127.0.0.1:25283/mcp/` */
  baseUrl: string
  /** The segment of the URL that names the project. */
  projectSegment: string
  token: string
  /** Replaces the token where a client sends no headers. */
  pathSecret: string
}

export interface Snippet {
  command: string
  /** Null: the client takes no URL. */
  url: string | null
}

const NAME = 'serena'
const SERENA = ['serena', 'start-mcp-server']

/** Returns both texts for a client. */
export function snippetOf(client: SnippetClient, facts: SnippetFacts): Snippet {
  const [program, ...args] = facts.connect
  const serena = [...SERENA, '--context', client.context, ...client.project]
  return {
    command: commandSnippet(client, { program, args: [...args, '--', ...serena] }),
    url: client.url && textOf(client, urlEntry(client, client.url, facts)),
  }
}

/** Returns the text for a client that starts this command. */
export const commandSnippet = (
  client: SnippetClient,
  command: Parameters<SnippetClient['command']>[0],
): string => textOf(client, client.command(command))

function urlEntry(
  { sendsHeaders, context }: SnippetClient,
  entryOf: NonNullable<SnippetClient['url']>,
  { baseUrl, projectSegment, token, pathSecret }: SnippetFacts,
): object {
  const address = `${projectSegment}?context=${encodeURIComponent(context)}`
  if (sendsHeaders)
    return entryOf({ url: `${baseUrl}${address}`, headers: { Authorization: `Bearer ${token}` } })
  const { headers: _, ...others } = entryOf({ url: `${baseUrl}${pathSecret}/${address}`, headers: {} })
  return others
}

function textOf({ format, path, list }: SnippetClient, entry: object): string {
  if (format === 'toml') return tomlTable([...path, NAME], entry)
  const inner: unknown = list === 'list' ? [{ name: NAME, ...entry }] : { [NAME]: entry }
  const whole = path.reduceRight((value, key) => ({ [key]: value }), inner)
  return format === 'yaml' ? stringify(whole, { lineWidth: 0 }) : `${JSON.stringify(whole, null, 2)}\n`
}

/** A table of texts, lists of texts and inline tables. */
function tomlTable(path: readonly string[], entry: object): string {
  const lines = Object.entries(entry).map(([key, value]) => `${key} = ${tomlValue(value)}`)
  return `[${path.join('.')}]\n${lines.join('\n')}\n`
}

function tomlValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, one]) => `${key} = ${tomlValue(one)}`)
      .join(', ')} }`
  return typeof value === 'string' ? tomlText(value) : String(value)
}

/** JSON escapes like a basic string of TOML, apart from the last control character. */
const tomlText = (text: string): string => JSON.stringify(text).replaceAll('\x7f', '\\u007f')
