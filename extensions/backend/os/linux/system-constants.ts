// Constants of this Linux, from the auxiliary vector that the kernel gives every process (man getauxval).
import { readFileSync } from 'node:fs'
import { endianness } from 'node:os'

const AT_PAGESZ = 6
const AT_CLKTCK = 17
/** The vector holds pairs of `unsigned long`. */
const WORD_BYTES = ['arm', 'ia32', 'mips', 'mipsel', 'ppc', 's390'].includes(process.arch) ? 4 : 8

export interface SystemConstants {
  ticksPerSecond: number
  pageBytes: number
}

/** Reads them; the usual values where they cannot be read. */
export function readSystemConstants(file = '/proc/self/auxv'): SystemConstants {
  const values = parseAuxiliaryVector(readVector(file))
  return { ticksPerSecond: values.get(AT_CLKTCK) || 100, pageBytes: values.get(AT_PAGESZ) || 4096 }
}

function readVector(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    // Not readable in this sandbox.
    return Buffer.alloc(0)
  }
}

function parseAuxiliaryVector(vector: Buffer): ReadonlyMap<number, number> {
  const wordAt = (at: number): number =>
    endianness() === 'LE'
      ? vector.readUIntLE(at, Math.min(WORD_BYTES, 6))
      : vector.readUIntBE(at + WORD_BYTES - 4, 4)
  const values = new Map<number, number>()
  for (let at = 0; at + 2 * WORD_BYTES <= vector.length; at += 2 * WORD_BYTES)
    values.set(wordAt(at), wordAt(at + WORD_BYTES))
  return values
}
