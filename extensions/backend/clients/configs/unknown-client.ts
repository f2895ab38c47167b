// A file of a client that is not known, in one of the shapes that the known ones use.
import { type ConfigClient, client, type ServerList } from './config-client.ts'
import { place } from './config-places.ts'

const SHAPES: readonly ServerList[] = [
  { keys: ['mcpServers'] },
  { keys: ['projects', '*', 'mcpServers'], scope: 'local', isByProject: true },
  { keys: ['mcp', 'servers'] },
  { keys: ['mcp.servers'] },
  { keys: ['settings', 'mcp', 'servers'] },
  { keys: ['mcp', 'mcpServers'] },
  { keys: ['mcp'] },
  { keys: ['mcp_servers'] },
  { keys: ['servers'] },
  { keys: ['context_servers'] },
  { keys: ['amp.mcpServers'] },
  { keys: ['extensions'] },
  { keys: [], isFallback: true },
]

export const unknownClient = (file: string): ConfigClient =>
  client('unknown', 'Unknown client', () => [place(file, { lists: SHAPES })], { hasFolder: null })
