// The state of the hub as text for a terminal. Pure.
import type { HubClient, HubSerena, HubStatus } from '#contract/hub'
import { countOf, formatBytes } from '#contract/units'
import { visibleLine } from '#contract/visible-text'
import { alignColumns } from './columns.ts'
import { formatAge } from './list-text.ts'

const HEAD = ['ID', 'STATE', 'PROJECT', 'CONTEXT', 'PID', 'MEMORY', 'CLIENTS']
const CLIENT_HEAD = ['ID', 'CLIENT', 'SERENA', 'PID', 'CONNECTED', 'LAST CALL', 'CALLS', 'FOLDER']

/** Returns the Serenas and the clients of the hub, each in one line, then the memory that is saved. Ends with a newline. */
export function hubText(hub: HubStatus, nowMs: number): string {
  const { serenas, savedBytes } = hub
  const clients = serenas.flatMap((serena) => serena.clients.map((client) => ({ serena, client })))
  const saved = savedBytes === null ? [] : [`${formatBytes(savedBytes)} less memory than separate Serenas.`]
  return `${[
    `The hub is running (process ${hub.pid}, version ${visibleLine(hub.release)}): ${countOf(serenas.length, 'Serena')}, ${countOf(clients.length, 'client')}.`,
    ...(hub.httpUrl === null ? [] : [`HTTP clients connect to ${visibleLine(hub.httpUrl)}`]),
    ...table(HEAD, serenas.map(serenaCells)),
    ...table(
      CLIENT_HEAD,
      clients.map(({ serena, client }) => clientCells(client, serena, nowMs)),
    ),
    ...serenas.flatMap(remarks),
    ...(saved.length > 0 ? ['', ...saved] : []),
  ].join('\n')}\n`
}

const table = (head: readonly string[], rows: readonly string[][]): string[] =>
  rows.length === 0 ? [] : ['', ...alignColumns([head, ...rows])]

const serenaCells = ({ id, state, project, context, pid, memoryBytes, clients }: HubSerena): string[] => [
  id,
  state,
  visibleLine(project?.name ?? '-'),
  visibleLine(context ?? '-'),
  pid === null ? '-' : String(pid),
  formatBytes(memoryBytes),
  String(clients.length),
]

function clientCells(client: HubClient, { id }: HubSerena, nowMs: number): string[] {
  const { pid, name, folder, connectedAt, lastCallAt, waiting, running } = client
  const calls = [running > 0 ? `${running} running` : '', waiting > 0 ? `${waiting} waiting` : '']
  return [
    client.id,
    visibleLine(name ?? '-'),
    id,
    pid === null ? '-' : String(pid),
    `${formatAge(connectedAt, nowMs)} ago`,
    lastCallAt === null ? '-' : `${formatAge(lastCallAt, nowMs)} ago`,
    calls.filter((part) => part !== '').join(', ') || '-',
    visibleLine(folder ?? '-'),
  ]
}

/** Why it is not shared, and why it failed. */
const remarks = ({ id, privateBecause, fault }: HubSerena): string[] =>
  [privateBecause, fault].flatMap((text) => (text === null ? [] : [`${id}: ${visibleLine(text)}`]))
