import { describe, expect, it } from 'vitest'
import {
  folderOf,
  LAYOUT_32,
  LAYOUT_64,
  PARAMETERS_BYTES,
  parseEnvironmentBlock,
  parseParameters,
} from './native-parameters.ts'

describe('parseParameters', () => {
  it('reads the parameters of a 64-bit process', () => {
    const bytes = Buffer.alloc(PARAMETERS_BYTES)
    bytes.writeUInt16LE(20, 0x38)
    bytes.writeBigUInt64LE(0x1_0000_2000n, 0x40)
    bytes.writeUInt16LE(40, 0x70)
    bytes.writeBigUInt64LE(0x1_0000_3000n, 0x78)
    bytes.writeBigUInt64LE(0x1_0000_4000n, 0x80)
    bytes.writeBigUInt64LE(600n, 0x3f0)
    expect(parseParameters(bytes, LAYOUT_64)).toEqual({
      currentDirectory: { bytes: 20, address: 0x1_0000_2000n },
      commandLine: { bytes: 40, address: 0x1_0000_3000n },
      environment: { bytes: 600, address: 0x1_0000_4000n },
    })
  })

  it('reads the parameters of a 32-bit process', () => {
    const bytes = Buffer.alloc(PARAMETERS_BYTES)
    bytes.writeUInt16LE(20, 0x24)
    bytes.writeUInt32LE(0x2000, 0x28)
    bytes.writeUInt16LE(40, 0x40)
    bytes.writeUInt32LE(0x3000, 0x44)
    bytes.writeUInt32LE(0x4000, 0x48)
    bytes.writeUInt32LE(600, 0x290)
    expect(parseParameters(bytes, LAYOUT_32)).toEqual({
      currentDirectory: { bytes: 20, address: 0x2000n },
      commandLine: { bytes: 40, address: 0x3000n },
      environment: { bytes: 600, address: 0x4000n },
    })
  })
})

describe('parseEnvironmentBlock', () => {
  const block = '=C:=C:\\work\0Path=C:\\bin\0SERENA_HOME=D:\\ä b=c\0EMPTY=\0\0LATER=1\0'

  it('returns the wanted variables under the wanted names', () => {
    expect(parseEnvironmentBlock(block, ['PATH', 'SERENA_HOME', 'EMPTY', 'HOME'])).toEqual({
      PATH: 'C:\\bin',
      SERENA_HOME: 'D:\\ä b=c',
      EMPTY: '',
    })
  })

  it('ends at the empty string', () => {
    expect(parseEnvironmentBlock(block, ['LATER'])).toEqual({})
  })
})

describe('folderOf', () => {
  it.each([
    ['C:\\work\\a\\', 'C:\\work\\a'],
    ['C:\\', 'C:\\'],
    ['\\\\server\\share\\', '\\\\server\\share'],
    ['', null],
  ])('returns %j as %j', (path, folder) => {
    expect(folderOf(path)).toBe(folder)
  })
})
