// The program that listens on the port of the backend.
import { connectAddress } from '../lib/network-address.ts'
import { createProcessSource } from '../os/platform-source.ts'
import type { Listener } from '../os/process-facts.ts'

/** We listen on 127.0.0.1: a socket on another address or in another network namespace does not conflict. */
const isConflict = ({ address, unreachable }: Listener): boolean =>
  connectAddress(address) === '127.0.0.1' && (unreachable === undefined || unreachable === 'shadowed')

/** Returns name and pid of the process that listens on a port; null: not visible to this user. */
export async function ownerOf(port: number, platform: NodeJS.Platform): Promise<string | null> {
  const source = createProcessSource(platform)
  const processes = [...(await source.list()).byPid.values()]
  for (const [pid, listeners] of await source.listeners(processes))
    if (listeners?.some((one) => one.port === port && isConflict(one)))
      return `${processes.find((process) => process.pid === pid)?.name ?? 'a program'} (process ${pid})`
  return null
}
