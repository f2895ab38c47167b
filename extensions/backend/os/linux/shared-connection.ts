// Which ancestors of a process have the very same stdin or stdout: they only pass a connection on.
import { parseDescriptorFlags } from './parse-descriptor.ts'
import { readLink, readProcText } from './read-proc.ts'

const CHANNEL = /^(pipe|socket):/

/** Returns whether process `pid` reads the stdin of process `of`, or writes to its stdout, on its own descriptors 0 or 1. */
export function sharesConnection(pid: number, of = process.pid): boolean {
  return isSame(pid, of, 0, 'canRead') || isSame(pid, of, 1, 'canWrite')
}

function isSame(pid: number, of: number, fd: number, access: 'canRead' | 'canWrite'): boolean {
  const own = readLink(`/proc/${of}/fd/${fd}`)
  if (own === null || !CHANNEL.test(own) || readLink(`/proc/${pid}/fd/${fd}`) !== own) return false
  return parseDescriptorFlags(readProcText(`/proc/${pid}/fdinfo/${fd}`) ?? '')?.[access] ?? false
}
