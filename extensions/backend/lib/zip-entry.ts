// One file out of a zip archive in memory. Pure. Stored and deflated entries, no encryption, no zip64: what releases use.
import { crc32, inflateRawSync } from 'node:zlib'

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const END_BYTES = 22
const CENTRAL_BYTES = 46
const LOCAL_BYTES = 30
const MAX_COMMENT = 0xffff
const STORED = 0
const DEFLATED = 8

/** Where the end record begins; -1: this is no whole archive. */
function findEnd(zip: Buffer): number {
  const first = Math.max(0, zip.length - END_BYTES - MAX_COMMENT)
  for (let at = zip.length - END_BYTES; at >= first; at--)
    if (zip.readUInt32LE(at) === END && at + END_BYTES + zip.readUInt16LE(at + 20) === zip.length) return at
  return -1
}

function unpack(zip: Buffer, central: number, maxBytes: number): Buffer | null {
  const method = zip.readUInt16LE(central + 10)
  const packedBytes = zip.readUInt32LE(central + 20)
  const bytes = zip.readUInt32LE(central + 24)
  const local = zip.readUInt32LE(central + 42)
  if (zip.readUInt32LE(local) !== LOCAL || bytes > maxBytes) return null
  const start = local + LOCAL_BYTES + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
  if (start + packedBytes > zip.length) return null
  const packed = zip.subarray(start, start + packedBytes)
  if (method !== STORED && method !== DEFLATED) return null
  const content = method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: bytes || 1 })
  const isWhole = content.length === bytes && crc32(content) === zip.readUInt32LE(central + 16)
  return isWhole ? content : null
}

/**
 * Returns the entry's bytes; null: no such entry, larger than `maxBytes`, or the archive is broken. Never throws, never reads past its
 * end.
 */
export function readZipEntry(zip: Buffer, name: string, maxBytes: number): Buffer | null {
  try {
    const end = findEnd(zip)
    if (end < 0) return null
    let at = zip.readUInt32LE(end + 16)
    for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
      if (zip.readUInt32LE(at) !== CENTRAL) return null
      const nameBytes = zip.readUInt16LE(at + 28)
      if (zip.toString('utf8', at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes) === name)
        return unpack(zip, at, maxBytes)
      at += CENTRAL_BYTES + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
    }
    return null
  } catch {
    // An offset that points outside, or bytes that do not inflate: the archive is broken.
    return null
  }
}
