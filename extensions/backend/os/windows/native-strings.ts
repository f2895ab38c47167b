// Strings and times in the structures of Windows. Pure.

/** 100 ns steps between 1601, where a FILETIME begins, and 1970. */
const EPOCH_AS_FILETIME = 116_444_736_000_000_000n
export const STEPS_PER_MS = 10_000
/** The last moment a Date can hold. */
const MAX_DATE_MS = 8.64e15

/** Epoch milliseconds of a FILETIME; null: before 1970 or no date at all. */
export function epochMs(filetime: bigint): number | null {
  const ms = Math.floor(Number(filetime - EPOCH_AS_FILETIME) / STEPS_PER_MS)
  return ms > 0 && ms <= MAX_DATE_MS ? ms : null
}

/** A counted string as the 64-bit structure UNICODE_STRING names it. */
export interface CountedString {
  bytes: number
  address: bigint
}

/** Reads a UNICODE_STRING of a 64-bit process: `Length` 0, `MaximumLength` 2, `Buffer` 8 (ntdef.h). */
export const countedString64 = (bytes: Buffer, at: number): CountedString => ({
  bytes: bytes.readUInt16LE(at),
  address: bytes.readBigUInt64LE(at + 8),
})

/** Reads a UNICODE_STRING of a 32-bit process: `Length` 0, `MaximumLength` 2, `Buffer` 4. */
export const countedString32 = (bytes: Buffer, at: number): CountedString => ({
  bytes: bytes.readUInt16LE(at),
  address: BigInt(bytes.readUInt32LE(at + 4)),
})

/** Returns a string whose characters are in the same buffer, which begins at `base`; null: it points elsewhere. */
export function stringInside(
  bytes: Buffer,
  base: bigint,
  { bytes: length, address }: CountedString,
): string | null {
  const offset = Number(address - base)
  const isInside = offset >= 0 && length % 2 === 0 && offset + length <= bytes.length
  return isInside ? bytes.toString('utf16le', offset, offset + length) : null
}
