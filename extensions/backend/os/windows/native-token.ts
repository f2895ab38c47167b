// Who a process runs as: the security identifier and the integrity level in its token. Pure.
// TOKEN_USER, TOKEN_MANDATORY_LABEL, SID: winnt.h of the Windows SDK.

export const TOKEN_USER = 1
export const TOKEN_INTEGRITY_LEVEL = 25

/** Integrity levels (winnt.h, SECURITY_MANDATORY_*_RID). */
const HIGH = 0x3000

export interface TokenFacts {
  /** `S-1-5-21-…-1001`. */
  sid: string
  /** 0x2000 is usual, 0x3000 an administrator's, 0x4000 the system's; null: not readable. */
  integrity: number | null
}

/** Reads the SID that TOKEN_USER or TOKEN_MANDATORY_LABEL points to, in the same buffer, which begins at `base`; null: damaged. */
export function parseSidPointer(bytes: Buffer, base: bigint): string | null {
  if (bytes.length < 16) return null
  const at = Number(bytes.readBigUInt64LE(0) - base)
  return at >= 0 && at + 8 <= bytes.length ? parseSid(bytes.subarray(at)) : null
}

/** Returns `S-1-…`; null: damaged. */
export function parseSid(bytes: Buffer): string | null {
  const count = bytes.readUInt8(1)
  if (bytes.length < 8 + count * 4 || count > 15) return null
  const authority = bytes.readUIntBE(2, 6)
  const parts = Array.from({ length: count }, (_, i) => bytes.readUInt32LE(8 + i * 4))
  return ['S', bytes.readUInt8(0), authority, ...parts].join('-')
}

/** Returns the last number of a SID: for a user it is unique in its domain, for an integrity label it is the level. */
export const lastPartOf = (sid: string): number => Number(sid.slice(sid.lastIndexOf('-') + 1))

/** Of another user with the same last number as ours. */
const OTHER_USER = 0xffff_ffff

/** Returns the number that stands for the user of a SID: `own` has one that no other user gets. */
export function userNumber(sid: string, own: string): number {
  const number = lastPartOf(sid)
  return sid !== own && number === lastPartOf(own) ? OTHER_USER : number
}

/** Returns why a process of the same user cannot be read or ended; null: it can. */
export function elevationRefusal(pid: number, { integrity }: TokenFacts, own: number | null): string | null {
  if (integrity === null || own === null || integrity <= own) return null
  const as = integrity >= HIGH ? ' (as administrator)' : ''
  return `Process ${pid} runs with higher privileges than Serena Deck${as}.`
}
