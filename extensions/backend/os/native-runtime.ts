// The native runtime that draws the window: where it lies, and how it gets there. Only what is pinned is ever downloaded.
import { createHash, randomBytes } from 'node:crypto'
import { accessSync, chmodSync, constants, statSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '#contract/errors'
import { readZipEntry } from '../lib/zip-entry.ts'
import { cacheFolder } from './paths.ts'
import { download, onDisk, type Progress } from './runtime/download.ts'
import { RUNTIME_VERSION, type RuntimePin, runtimeName, runtimePin } from './runtime/pins.ts'

const MAX_PROGRAM_BYTES = 64 * 1024 * 1024

export interface RuntimePlace {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** As `process.arch` has it. */
  arch: string
  /** A folder of our own that may hold it: that of a release. */
  beside?: string
}

export interface FetchOptions {
  onProgress?: (progress: Progress) => void
  signal?: AbortSignal
  /** Another pin than that of the platform: for tests with a server of their own. */
  pin?: RuntimePin | null
}

/** Where the runtime is kept; null: there is none for this platform. */
export function runtimeFile({ env, platform, arch }: RuntimePlace): string | null {
  const name = runtimeName(platform, arch)
  return name === null ? null : join(cacheFolder(env, platform), 'neutralino', RUNTIME_VERSION, name)
}

function isProgram(path: string, platform: NodeJS.Platform): boolean {
  try {
    const stats = statSync(path)
    if (!stats.isFile() || stats.size === 0) return false
    if (platform === 'win32') return true
    // What anybody may rewrite is nobody's program.
    if ((stats.mode & 0o002) !== 0) return false
    // Copied here by hand, often without its permission to run.
    if ((stats.mode & 0o100) === 0 && stats.uid === process.getuid?.()) chmodSync(path, stats.mode | 0o700)
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Not there, or not for us: there is none.
    return false
  }
}

/**
 * The runtime on this machine: SERENA_DECK_RUNTIME, else the one of a release, else what lies in the cache, used as it is;
 * null: there is none.
 * AppError `runtime-unusable` when the variable names something that is no program: nothing else is tried then.
 */
export function findNativeRuntime(place: RuntimePlace): string | null {
  const chosen = place.env['SERENA_DECK_RUNTIME']
  if (chosen) {
    if (isProgram(chosen, place.platform)) return chosen
    throw new AppError('runtime-unusable', { path: chosen })
  }
  const name = runtimeName(place.platform, place.arch)
  const beside = name !== null && place.beside !== undefined ? join(place.beside, name) : null
  return [beside, runtimeFile(place)].find((file) => file !== null && isProgram(file, place.platform)) ?? null
}

async function unpackProgram(partFile: string, pin: RuntimePin): Promise<Buffer> {
  const program = readZipEntry(await onDisk(partFile, () => readFile(partFile)), pin.name, MAX_PROGRAM_BYTES)
  if (program !== null && createHash('sha256').update(program).digest('hex') === pin.sha256) return program
  await rm(partFile, { force: true })
  throw new AppError('runtime-wrong-checksum', { url: pin.url })
}

/** As `mkdir -p`, of which Node's own says that a folder is missing when in truth the disk is read-only. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error
    await makeFolder(dirname(folder))
    await mkdir(folder, { mode: 0o700 })
  }
}

/** Writes the program whole or not at all. */
async function keepProgram(file: string, program: Buffer): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`
  try {
    const handle = await open(temporary, 'wx', 0o700)
    try {
      await handle.writeFile(program)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/**
 * Downloads the pinned runtime into the cache and returns its path. A download that was cut is gone on with the next time;
 * else nothing is left half done. AppError: `runtime-unpinned`, `runtime-download-failed`, `runtime-wrong-checksum`,
 * `runtime-not-kept`.
 */
export async function fetchNativeRuntime(place: RuntimePlace, options: FetchOptions = {}): Promise<string> {
  const { onProgress, signal, pin = runtimePin(place.platform, place.arch) } = options
  if (pin === null) throw new AppError('runtime-unpinned', { platform: `${place.platform}-${place.arch}` })
  const file = join(cacheFolder(place.env, place.platform), 'neutralino', RUNTIME_VERSION, pin.name)
  await onDisk(file, () => makeFolder(dirname(file)))
  const partFile = join(dirname(file), `${pin.archiveSha256.slice(0, 16)}.zip.part`)
  await download({
    url: pin.url,
    sha256: pin.archiveSha256,
    partFile,
    env: place.env,
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  })
  const program = await unpackProgram(partFile, pin)
  await onDisk(file, () => keepProgram(file, program))
  await rm(partFile, { force: true })
  return file
}
