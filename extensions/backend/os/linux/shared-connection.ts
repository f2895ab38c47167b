// Which ancestors have the very same stdin or stdout as this process: they only pass a connection on.
import { parseDescriptorFlags } from './parse-wire.ts'
import { readLink, readProcText } from './read-proc.ts'

const CHANNEL = /^(pipe|socket):/

/** Returns whether process `pid` reads our stdin, or writes to our stdout, on its own descriptors 0 or 1. */
export function sharesConnection(pid: number): boolean {
  return isSame(pid, 0, 'canRead') || isSame(pid, 1, 'canWrite')
}

function isSame(pid: number, fd: number, access: 'canRead' | 'canWrite'): boolean {
  const own = readLink(`/proc/self/fd/${fd}`)
  if (own === null || !CHANNEL.test(own) || readLink(`/proc/${pid}/fd/${fd}`) !== own) return false
  return parseDescriptorFlags(readProcText(`/proc/${pid}/fdinfo/${fd}`) ?? '')?.[access] ?? false
}
