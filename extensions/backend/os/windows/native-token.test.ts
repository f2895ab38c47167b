import { describe, expect, it } from 'vitest'
import { elevationRefusal, parseSid, parseSidPointer, userNumber } from './native-token.ts'

/** A SID as winnt.h lays it out. */
function sid(authority: number, ...parts: number[]): Buffer {
  const bytes = Buffer.alloc(8 + parts.length * 4)
  bytes.writeUInt8(1, 0)
  bytes.writeUInt8(parts.length, 1)
  bytes.writeUIntBE(authority, 2, 6)
  for (const [i, part] of parts.entries()) bytes.writeUInt32LE(part, 8 + i * 4)
  return bytes
}

describe('parseSid', () => {
  it('writes the usual text', () => {
    expect(parseSid(sid(5, 18))).toBe('S-1-5-18')
    expect(parseSid(sid(5, 21, 4_000_000_000, 2, 3, 1001))).toBe('S-1-5-21-4000000000-2-3-1001')
    expect(parseSid(sid(16, 0x3000))).toBe('S-1-16-12288')
  })

  it('rejects one that is cut off', () => {
    expect(parseSid(sid(5, 21, 1).subarray(0, 12))).toBeNull()
  })
})

describe('parseSidPointer', () => {
  const base = 0x7ff0_0000_0000n
  const answer = (at: bigint): Buffer => {
    const head = Buffer.alloc(16)
    head.writeBigUInt64LE(at, 0)
    return Buffer.concat([head, sid(5, 18)])
  }

  it('follows the pointer inside the answer', () => {
    expect(parseSidPointer(answer(base + 16n), base)).toBe('S-1-5-18')
  })

  it('rejects a pointer to elsewhere', () => {
    expect(parseSidPointer(answer(base + 4096n), base)).toBeNull()
    expect(parseSidPointer(answer(0n), base)).toBeNull()
  })
})

describe('userNumber', () => {
  it('is never ours for another user', () => {
    expect(userNumber('S-1-5-21-1-2-3-1001', 'S-1-5-21-1-2-3-1001')).toBe(1001)
    expect(userNumber('S-1-5-18', 'S-1-5-21-1-2-3-1001')).toBe(18)
    expect(userNumber('S-1-5-21-9-9-9-1001', 'S-1-5-21-1-2-3-1001')).not.toBe(1001)
  })
})

describe('elevationRefusal', () => {
  const token = (integrity: number | null) => ({ sid: 'S-1-5-18', integrity })

  it('refuses what runs with higher privileges', () => {
    expect(elevationRefusal(88, token(0x3000), 0x2000)).toBe(
      'Process 88 runs with higher privileges than Serena Deck (as administrator).',
    )
    expect(elevationRefusal(88, token(0x2000), 0x1000)).toBe(
      'Process 88 runs with higher privileges than Serena Deck.',
    )
  })

  it('refuses nothing else', () => {
    expect(elevationRefusal(88, token(0x2000), 0x2000)).toBeNull()
    expect(elevationRefusal(88, token(0x2000), 0x3000)).toBeNull()
    expect(elevationRefusal(88, token(null), 0x2000)).toBeNull()
  })
})
