// What a process was started with, in its own memory: command line, working folder, environment. Pure.
// PEB and RTL_USER_PROCESS_PARAMETERS: winternl.h of the Windows SDK names CommandLine and ImagePathName; the other offsets are those of
// ntpebteb.h and ntrtl.h of System Informer (phnt), the same since Windows Vista. A 32-bit process on 64-bit Windows has both forms; its
// own is the 32-bit one.
import { type CountedString, countedString32, countedString64 } from './native-strings.ts'

/** How much of the parameters is read: all fields below are in it. */
export const PARAMETERS_BYTES = 0x400

export interface ParametersLayout {
  /** Of the address of the parameters, in the PEB. */
  inPeb: number
  pointerBytes: 4 | 8
  currentDirectory: number
  commandLine: number
  environment: number
  environmentSize: number
}

export const LAYOUT_64: ParametersLayout = {
  inPeb: 0x20,
  pointerBytes: 8,
  currentDirectory: 0x38,
  commandLine: 0x70,
  environment: 0x80,
  environmentSize: 0x3f0,
}

export const LAYOUT_32: ParametersLayout = {
  inPeb: 0x10,
  pointerBytes: 4,
  currentDirectory: 0x24,
  commandLine: 0x40,
  environment: 0x48,
  environmentSize: 0x290,
}

export interface Parameters {
  currentDirectory: CountedString
  commandLine: CountedString
  /** A block of `NAME=value`, each with a final zero. */
  environment: CountedString
}

/** Reads an address of the process. */
export const pointerAt = (bytes: Buffer, at: number, { pointerBytes }: ParametersLayout): bigint =>
  pointerBytes === 8 ? bytes.readBigUInt64LE(at) : BigInt(bytes.readUInt32LE(at))

/** Returns where the strings are; `bytes`: PARAMETERS_BYTES of the parameters. */
export function parseParameters(bytes: Buffer, layout: ParametersLayout): Parameters {
  const string = layout.pointerBytes === 8 ? countedString64 : countedString32
  const size = layout.pointerBytes === 8 ? bytes.readBigUInt64LE(layout.environmentSize) : null
  return {
    currentDirectory: string(bytes, layout.currentDirectory),
    commandLine: string(bytes, layout.commandLine),
    environment: {
      address: pointerAt(bytes, layout.environment, layout),
      bytes: Number(size ?? bytes.readUInt32LE(layout.environmentSize)),
    },
  }
}

/** Returns those of `wanted` that are set in an environment block; names are compared without case, as Windows does. */
export function parseEnvironmentBlock(block: string, wanted: readonly string[]): Record<string, string> {
  const names = new Map(wanted.map((name) => [name.toUpperCase(), name]))
  const found: Record<string, string> = {}
  for (const pair of block.split('\0')) {
    // A name may begin with `=`: `=C:=C:\folder` is the folder of a drive.
    const equals = pair.indexOf('=', 1)
    if (equals < 0) {
      if (pair === '') break
      continue
    }
    const name = names.get(pair.slice(0, equals).toUpperCase())
    if (name !== undefined) found[name] ??= pair.slice(equals + 1)
  }
  return found
}

/** Returns a folder as Node writes it: the process's own has a backslash at its end. */
export const folderOf = (path: string): string | null => {
  if (path === '') return null
  return /^[a-z]:\\$/i.test(path) ? path : path.replace(/\\$/, '')
}
