// How the native runtime gets to this machine. Only what is pinned is ever downloaded.
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '#contract/errors'
import { readZipEntry } from '../../lib/zip-entry.ts'
import type { RuntimePlace } from '../native-runtime.ts'
import { cacheFolder } from '../paths.ts'
import { download, onDisk, type Progress } from './download.ts'
import { RUNTIME_VERSION, type RuntimePin, runtimePin } from './pins.ts'

const MAX_PROGRAM_BYTES = 64 * 1024 * 1024

export interface FetchOptions {
  onProgress?: (progress: Progress) => void
  signal?: AbortSignal
  /** Another pin than that of the platform: for tests with a server of their own. */
  pin?: RuntimePin | null
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
