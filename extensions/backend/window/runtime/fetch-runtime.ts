// Downloads the native runtime. Only pinned files are downloaded.
import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '#contract/errors'
import { readZipEntry } from '../../lib/zip-entry.ts'
import { makeFolder } from '../../os/files/private-folder.ts'
import { writeFileWhole } from '../../os/files/write-file.ts'
import { cacheFolder } from '../../os/paths.ts'
import type { RuntimePlace } from '../native-runtime.ts'
import { download, onDisk, type Progress } from './download.ts'
import { RUNTIME_VERSION, type RuntimePin, runtimePin } from './pins.ts'

const MAX_PROGRAM_BYTES = 64 * 1024 * 1024

export interface FetchOptions {
  onProgress?: (progress: Progress) => void
  signal?: AbortSignal
  /** A pin other than that of the platform, for tests with a server of their own. */
  pin?: RuntimePin | null
}

async function unpackProgram(partFile: string, pin: RuntimePin): Promise<Buffer> {
  const program = readZipEntry(await onDisk(partFile, () => readFile(partFile)), pin.name, MAX_PROGRAM_BYTES)
  if (program !== null && createHash('sha256').update(program).digest('hex') === pin.sha256) return program
  await rm(partFile, { force: true })
  throw new AppError('runtime-wrong-checksum', { url: pin.url })
}

/**
 * Downloads the pinned runtime into the cache and returns its path. An interrupted download is resumed by the next call; nothing else
 * is left behind. AppError: `runtime-unpinned`, `runtime-download-failed`, `runtime-wrong-checksum`,
 * `runtime-not-kept`.
 */
export async function fetchNativeRuntime(place: RuntimePlace, options: FetchOptions = {}): Promise<string> {
  const { onProgress, signal, pin = runtimePin(place.platform, place.arch) } = options
  if (pin === null) throw new AppError('runtime-unpinned', { platform: `${place.platform}-${place.arch}` })
  const file = join(cacheFolder(place.env, place.platform), 'neutralino', RUNTIME_VERSION, pin.name)
  await onDisk(file, () => makeFolder(dirname(file), 0o700))
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
  await onDisk(file, () => writeFileWhole(file, program, { mode: 0o700 }))
  await rm(partFile, { force: true })
  return file
}
