// Answers of NtQuerySystemInformation(SystemProcessInformation), built by the offsets of the Windows SDK and of System Informer's headers.
export interface RawProcess {
  pid: number
  parentPid?: number
  created?: bigint
  name?: string
  user?: bigint
  kernel?: bigint
  privateBytes?: bigint
  workingSet?: bigint
  /** State and wait reason of each thread. */
  threads?: readonly (readonly [state: number, reason: number])[]
}

/** Builds the answer as it is at the address `base`. */
export function systemProcessesAt(base: bigint, ...processes: readonly RawProcess[]): Buffer {
  const parts: Buffer[] = []
  let at = 0
  for (const [index, process] of processes.entries()) {
    const part = entryAt(base + BigInt(at), process)
    if (index < processes.length - 1) part.writeUInt32LE(part.length, 0x00)
    parts.push(part)
    at += part.length
  }
  return Buffer.concat(parts)
}

function entryAt(address: bigint, process: RawProcess): Buffer {
  const { threads = [], name = '' } = process
  const head = Buffer.alloc(0x100 + threads.length * 0x50)
  const text = Buffer.from(name, 'utf16le')
  head.writeUInt32LE(threads.length, 0x04)
  head.writeBigUInt64LE(process.privateBytes ?? 0n, 0x08)
  head.writeBigUInt64LE(process.created ?? 0n, 0x20)
  head.writeBigUInt64LE(process.user ?? 0n, 0x28)
  head.writeBigUInt64LE(process.kernel ?? 0n, 0x30)
  head.writeUInt16LE(text.length, 0x38)
  head.writeUInt16LE(text.length + 2, 0x3a)
  head.writeBigUInt64LE(name === '' ? 0n : address + BigInt(head.length), 0x40)
  head.writeBigUInt64LE(BigInt(process.pid), 0x50)
  head.writeBigUInt64LE(BigInt(process.parentPid ?? 0), 0x58)
  head.writeBigUInt64LE(process.workingSet ?? 0n, 0x90)
  for (const [i, [state, reason]] of threads.entries()) {
    head.writeUInt32LE(state, 0x100 + i * 0x50 + 0x44)
    head.writeUInt32LE(reason, 0x100 + i * 0x50 + 0x48)
  }
  const padding = Buffer.alloc(8 - (text.length % 8))
  return Buffer.concat([head, text, padding])
}
