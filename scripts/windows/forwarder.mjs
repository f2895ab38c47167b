// Builds a library of Windows that has one function and passes it on to another library: Wine 8 lacks bcryptprimitives.dll, which programs
// written in Rust need for random numbers, but it has the same function under an older name.

const IMAGE_BASE = 0x1_8000_0000n
const SECTION_AT = 0x1000
const FILE_ALIGNMENT = 0x200
const DLL_AMD64 = { machine: 0x8664, characteristics: 0x2022 }

/** Returns the file: a library `file` with the export `name`, which is `target` (`library.function`). Layout: Microsoft's PE format. */
export function forwarderLibrary({ file, name, target }) {
  const image = Buffer.alloc(2 * FILE_ALIGNMENT)
  writeHeaders(image)
  writeExports(image.subarray(FILE_ALIGNMENT), { file, name, target })
  return image
}

function writeHeaders(image) {
  image.write('MZ', 0, 'latin1')
  image.writeUInt32LE(0x40, 0x3c)
  image.write('PE\0\0', 0x40, 'latin1')
  const coff = image.subarray(0x44)
  coff.writeUInt16LE(DLL_AMD64.machine, 0)
  coff.writeUInt16LE(1, 2)
  coff.writeUInt16LE(240, 16)
  coff.writeUInt16LE(DLL_AMD64.characteristics, 18)
  const optional = image.subarray(0x58)
  optional.writeUInt16LE(0x20b, 0)
  optional.writeUInt32LE(FILE_ALIGNMENT, 8)
  optional.writeBigUInt64LE(IMAGE_BASE, 24)
  optional.writeUInt32LE(SECTION_AT, 32)
  optional.writeUInt32LE(FILE_ALIGNMENT, 36)
  // The versions of Windows that it needs: 6.0.
  optional.writeUInt16LE(6, 40)
  optional.writeUInt16LE(6, 48)
  optional.writeUInt32LE(2 * SECTION_AT, 56)
  optional.writeUInt32LE(FILE_ALIGNMENT, 60)
  optional.writeUInt16LE(2, 68)
  optional.writeUInt16LE(0x100, 70)
  optional.writeUInt32LE(16, 108)
  // The first data directory: the exports.
  optional.writeUInt32LE(SECTION_AT, 112)
  optional.writeUInt32LE(FILE_ALIGNMENT, 116)
  const section = image.subarray(0x58 + 240)
  section.write('.rdata', 0, 'latin1')
  section.writeUInt32LE(FILE_ALIGNMENT, 8)
  section.writeUInt32LE(SECTION_AT, 12)
  section.writeUInt32LE(FILE_ALIGNMENT, 16)
  section.writeUInt32LE(FILE_ALIGNMENT, 20)
  section.writeUInt32LE(0x4000_0040, 36)
}

/** The directory, then one address, one name pointer, one ordinal and the strings. */
function writeExports(bytes, { file, name, target }) {
  const texts = { file: 0x60, name: 0x90, target: 0xc0 }
  bytes.write(`${file}\0`, texts.file, 'latin1')
  bytes.write(`${name}\0`, texts.name, 'latin1')
  bytes.write(`${target}\0`, texts.target, 'latin1')
  bytes.writeUInt32LE(SECTION_AT + texts.file, 12)
  for (const [at, value] of [
    [16, 1],
    [20, 1],
    [24, 1],
    [28, SECTION_AT + 0x40],
    [32, SECTION_AT + 0x48],
    [36, SECTION_AT + 0x50],
    // An address inside the directory is the name of the function that is meant.
    [0x40, SECTION_AT + texts.target],
    [0x48, SECTION_AT + texts.name],
  ])
    bytes.writeUInt32LE(value, at)
}
