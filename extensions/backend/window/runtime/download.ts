// Downloads one file with a known SHA-256: resumable, limited in size, and never kept with another digest.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { constants, type FileHandle, open, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Dispatcher, EnvHttpProxyAgent, fetch, type Response } from 'undici'
import { AppError } from '#contract/errors'
import { codeOf } from '../../lib/error-code.ts'
import { withFileLock } from '../../os/files/file-lock.ts'
import { hasHolderExited } from '../../os/files/lock-holder.ts'
import { notWritten } from '../../os/files/write-failure.ts'
import { createProcessSource } from '../../os/platform-source.ts'

/** The archive has 8 MB. */
const MAX_BYTES = 64 * 1024 * 1024
const CONNECT_MS = 10_000
/** A server that sends nothing for this time has stopped. */
const SILENT_MS = 30_000
/** A cut connection is resumed while each try receives something. */
const TRIES = 5
/** Long enough to prove that the holder of a lock has exited; a download that runs takes longer. */
const LOCK_MS = 1_000
const { O_CREAT, O_TRUNC, O_WRONLY } = constants
/** Prevents writing through a link that another user placed there. Windows has no such flag. */
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0

export interface Progress {
  receivedBytes: number
  /** Null: not known. */
  totalBytes: number | null
}

export interface DownloadOptions {
  url: string
  sha256: string
  /** Receives the file; an existing part is resumed. */
  partFile: string
  /** Holds the settings of proxies. */
  env: NodeJS.ProcessEnv
  onProgress?: (progress: Progress) => void
  signal?: AbortSignal
  silentMs?: number
}

/** Runs an action on that file; a failure of the disk becomes `runtime-not-kept` with the file's folder. */
export async function onDisk<Result>(file: string, action: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await action()
  } catch (error) {
    const failure = notWritten(file, error)
    throw failure.code === 'not-written' ? notKept(file, failure) : failure
  }
}

const notKept = (file: string, { data, cause }: AppError): AppError =>
  new AppError('runtime-not-kept', { path: dirname(file), issue: data['issue'] ?? 'unknown' }, { cause })

/** Returns the innermost reason of a failed fetch. */
function networkIssue(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = codeOf(at)
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'no network, or the host name was not found'
    if (code === 'ECONNREFUSED' || code === 'ENETUNREACH' || code === 'EHOSTUNREACH')
      return 'the server cannot be reached'
    if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'the server does not answer'
    if (code === 'UND_ERR_BODY_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT')
      return 'the server stopped answering'
    if (code.startsWith('CERT_') || code.includes('SELF_SIGNED') || code.includes('_CERT'))
      return 'its certificate is not trusted'
  }
  return 'the connection was cut'
}

const failed = (issue: string, cause?: unknown): AppError =>
  new AppError('runtime-download-failed', { issue }, { cause })

/** Runs `action` alone: two downloads into one file would corrupt it. */
async function alone<Result>(partFile: string, action: () => Promise<Result>): Promise<Result> {
  const hasExited = hasHolderExited(() => createProcessSource().list())
  try {
    return await withFileLock(partFile, { hasExited, budgetMs: LOCK_MS }, action)
  } catch (error) {
    const isLocked = error instanceof AppError && error.code === 'file-locked'
    if (isLocked) throw failed('another Serena Deck is downloading it right now', error)
    if (error instanceof AppError && error.code === 'not-written') throw notKept(partFile, error)
    throw error
  }
}

const sizeOf = async (file: string): Promise<number> => {
  const stats = await stat(file).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  return stats?.size ?? 0
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** Returns the offset of the answer and the total size; null: not the requested range. */
function rangeOf(response: Response, asked: number): { from: number; total: number | null } | null {
  const number = (text: string | null | undefined): number | null => (text ? Number(text) : null)
  if (response.status === 200) return { from: 0, total: number(response.headers.get('content-length')) }
  const [, from, total] =
    /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(response.headers.get('content-range') ?? '') ?? []
  if (response.status !== 206 || Number(from) !== asked) return null
  return { from: asked, total: total === '*' ? null : number(total) }
}

async function append(
  { file, path }: { file: FileHandle; path: string },
  response: Response,
  { from, total }: { from: number; total: number | null },
  onProgress: DownloadOptions['onProgress'],
): Promise<void> {
  let at = from
  const chunks = response.body ?? []
  try {
    for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
      if (at + chunk.length > MAX_BYTES) {
        await onDisk(path, () => file.truncate())
        throw failed('the file is larger than expected')
      }
      await onDisk(path, () => file.write(chunk, 0, chunk.length, at))
      at += chunk.length
      onProgress?.({ receivedBytes: at, totalBytes: total })
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw failed(networkIssue(error), error)
  }
}

/** Sends one request and appends its answer. Returns false when the server cannot resume from there. */
async function fetchOnce(options: DownloadOptions, dispatcher: Dispatcher): Promise<boolean> {
  const { url, partFile, onProgress, signal } = options
  const asked = await onDisk(partFile, () => sizeOf(partFile))
  let response: Response
  try {
    response = await fetch(url, {
      dispatcher,
      ...(signal && { signal }),
      headers: { 'accept-encoding': 'identity', ...(asked > 0 && { range: `bytes=${asked}-` }) },
    })
  } catch (error) {
    throw failed(networkIssue(error), error)
  }
  const range = rangeOf(response, asked)
  if (range === null) {
    await response.body?.cancel()
    if (asked > 0 && (response.status === 416 || response.status === 206)) return false
    throw failed(`the server answered with status ${response.status}`)
  }
  const how = O_WRONLY | O_CREAT | O_NOFOLLOW | (range.from === 0 ? O_TRUNC : 0)
  const file = await onDisk(partFile, () => open(partFile, how, 0o600))
  try {
    await append({ file, path: partFile }, response, range, onProgress)
  } finally {
    await file.close()
  }
  return true
}

/** Requests until the file is complete: resumes cut connections that received something, and starts again where it must. */
async function fetchAll(options: DownloadOptions, dispatcher: Dispatcher): Promise<void> {
  const { partFile, signal } = options
  for (let left = TRIES; left > 0; left--) {
    const before = await onDisk(partFile, () => sizeOf(partFile))
    try {
      if (await fetchOnce(options, dispatcher)) return
      await rm(partFile, { force: true })
    } catch (error) {
      const isCut = error instanceof AppError && error.code === 'runtime-download-failed'
      const after = await onDisk(partFile, () => sizeOf(partFile))
      if (after === 0) await rm(partFile, { force: true })
      if (!isCut || left === 1 || after <= before || signal?.aborted) throw error
    }
  }
  throw failed('the server cannot resume the download')
}

/** Returns a dispatcher for the proxies of the environment, as other programs read them. */
function dispatcherOf(env: NodeJS.ProcessEnv, silentMs: number): Dispatcher {
  const value = (name: string): string => env[name] || env[name.toUpperCase()] || ''
  try {
    return new EnvHttpProxyAgent({
      httpProxy: value('http_proxy'),
      httpsProxy: value('https_proxy') || value('http_proxy'),
      noProxy: value('no_proxy'),
      connect: { timeout: CONNECT_MS },
      headersTimeout: silentMs,
      bodyTimeout: silentMs,
    })
  } catch (error) {
    throw failed('the configured proxy is not a valid address', error)
  }
}

/**
 * Resolves when `partFile` is the file with that checksum. AppError `runtime-download-failed` (the received part is kept to be
 * resumed), `runtime-wrong-checksum` (nothing is kept), `runtime-not-kept` (the disk).
 * Proxies are those of HTTPS_PROXY and NO_PROXY.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { partFile, sha256, silentMs = SILENT_MS } = options
  await alone(partFile, async () => {
    const dispatcher = dispatcherOf(options.env, silentMs)
    try {
      const started = await onDisk(partFile, () => sizeOf(partFile))
      // It may be complete from a run that was ended just before its last step.
      if (started > 0 && (await onDisk(partFile, () => sha256Of(partFile))) === sha256) return
      await fetchAll(options, dispatcher)
      if ((await onDisk(partFile, () => sha256Of(partFile))) === sha256) return
      // Only the earlier part may be wrong: once more from the beginning.
      await rm(partFile, { force: true })
      if (started > 0) await fetchAll(options, dispatcher)
      if (started > 0 && (await onDisk(partFile, () => sha256Of(partFile))) === sha256) return
      await rm(partFile, { force: true })
      throw new AppError('runtime-wrong-checksum', { url: options.url })
    } finally {
      await dispatcher.destroy()
    }
  })
}
