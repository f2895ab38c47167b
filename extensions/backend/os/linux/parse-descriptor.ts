// Texts of /proc -> what they say about the stdio connection of a process. Pure.
const STREAM = '0001'
const O_ACCMODE = 0o3
const O_WRONLY = 0o1
const O_CLOEXEC = 0o2000000

/**
 * Returns the number of references of each unnamed unix stream socket by inode, from `/proc/net/unix`. A connected one holds a
 * reference on its peer: 3 while the peer is open, 2 once it is closed (measured; `unix_release_sock` in the kernel's af_unix.c agrees).
 */
export function parseUnixReferences(text: string): Map<string, number> {
  const references = new Map<string, number>()
  for (const line of text.split('\n').slice(1)) {
    const [, count, , , type, , inode, path] = line.trim().split(/\s+/)
    if (type !== STREAM || inode === undefined || path !== undefined) continue
    references.set(inode, Number.parseInt(count ?? '', 16))
  }
  return references
}

/** Returns the inode of a descriptor link such as `pipe:[1234]`; null: no pipe. */
export const pipeInode = (link: string): string | null => /^pipe:\[(\d+)\]$/.exec(link)?.[1] ?? null

export interface DescriptorFlags {
  canRead: boolean
  canWrite: boolean
  isCloseOnExec: boolean
}

/** Returns the flags of `/proc/PID/fdinfo/FD`; null: no such line. */
export function parseDescriptorFlags(text: string): DescriptorFlags | null {
  const octal = /^flags:\s+([0-7]+)$/m.exec(text)?.[1]
  if (octal === undefined) return null
  const flags = Number.parseInt(octal, 8)
  const access = flags & O_ACCMODE
  return {
    canRead: access !== O_WRONLY,
    canWrite: access !== 0,
    isCloseOnExec: (flags & O_CLOEXEC) !== 0,
  }
}
