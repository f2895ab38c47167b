// Brings one file of a known SHA-256 to disk: resumable, never more than so much, and never kept when it is another.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { constants, type FileHandle, open, rm, stat, utimes } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Dispatcher, EnvHttpProxyAgent, fetch, type Response } from 'undici'
import { AppError } from '#contract/errors'

/** The archive has 8 MB; whatever goes on beyond this is not it. */
const MAX_BYTES = 64 * 1024 * 1024
const CONNECT_MS = 10_000
/** A server that sends nothing for so long has stopped sending. */
const SILENT_MS = 30_000
/** A cut connection is taken up again, as long as each try brought something. */
const TRIES = 5
/** A lock that was not refreshed for so long belongs to a process that ended. */
const LOCK_STALE_MS = 60_000
const LOCK_REFRESH_MS = 5_000
const { O_CREAT, O_EXCL, O_TRUNC, O_WRONLY } = constants
/** A planted link must not make us write elsewhere. Windows has no such flag. */
const O_NOFOLLOW = constants.O_NOFOLLOW ?? 0

export interface Progress {
  receivedBytes: number
  /** Null: the server does not say. */
  totalBytes: number | null
}

export interface DownloadOptions {
  url: string
  sha256: string
  /** Where it is gathered; what lies there already is gone on with. */
  partFile: string
  /** For the proxies that it names. */
  env: NodeJS.ProcessEnv
  onProgress?: (progress: Progress) => void
  signal?: AbortSignal
  silentMs?: number
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const DISK: Readonly<Record<string, string>> = {
  EROFS: 'the disk is read-only',
  EACCES: 'it may not be written',
  EPERM: 'it may not be written',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is full',
  ENOTDIR: 'a file stands where the folder should be',
  EEXIST: 'a file stands where the folder should be',
  ELOOP: 'a link stands where the file should be',
}

/** Runs what touches that file; what fails there leaves as `runtime-not-kept` with the file's folder. */
export async function onDisk<Result>(file: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action()
  } catch (error) {
    if (error instanceof AppError) throw error
    const code = codeOf(error)
    throw new AppError(
      'runtime-not-kept',
      { path: dirname(file), issue: DISK[code] ?? (code || 'unknown') },
      { cause: error },
    )
  }
}

/** The innermost reason of a failed fetch, in words. */
function networkIssue(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = codeOf(at)
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'there is no network, or its name is not found'
    if (code === 'ECONNREFUSED' || code === 'ENETUNREACH' || code === 'EHOSTUNREACH')
      return 'it cannot be reached'
    if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'it does not answer'
    if (code === 'UND_ERR_BODY_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT') return 'it stopped answering'
    if (code.startsWith('CERT_') || code.includes('SELF_SIGNED') || code.includes('_CERT'))
      return 'its certificate is not trusted'
  }
  return 'the connection was cut'
}

const failed = (issue: string, cause?: unknown): AppError =>
  new AppError('runtime-download-failed', { issue }, { cause })

/** Holds the lock file while `action` runs: two downloads into one file would spoil each other. */
async function alone<Result>(lockFile: string, action: () => Promise<Result>): Promise<Result> {
  const isStale = async (): Promise<boolean> => {
    const { mtimeMs } = await stat(lockFile)
    return Date.now() - mtimeMs > LOCK_STALE_MS
  }
  const take = async (): Promise<void> => {
    await (await open(lockFile, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)).close()
  }
  await onDisk(lockFile, () =>
    take().catch(async (error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error
      if (!(await isStale())) throw failed('another Serena Deck is downloading it right now')
      await rm(lockFile, { force: true })
      await take()
    }),
  )
  const refresh = setInterval(() => {
    const now = new Date()
    // Only others look at it, and only at its age.
    utimes(lockFile, now, now).catch(() => undefined)
  }, LOCK_REFRESH_MS)
  try {
    return await action()
  } finally {
    clearInterval(refresh)
    await rm(lockFile, { force: true })
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

/** Where the answer begins, and how long the whole is; null: it is not what was asked for. */
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
        throw failed('it is far larger than it should be')
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

/** One request, written behind what is there. Returns false when the server will not go on from there. */
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

/** Goes on until the server has sent all: takes up cut connections that brought something, begins anew where it must. */
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
  throw failed('the server will not go on where it stopped')
}

/** The proxies of the environment, as other programs read them; nothing else of the process is looked at. */
function dispatcherOf(env: NodeJS.ProcessEnv, silentMs: number): Dispatcher {
  const told = (name: string): string => env[name] || env[name.toUpperCase()] || ''
  try {
    return new EnvHttpProxyAgent({
      httpProxy: told('http_proxy'),
      httpsProxy: told('https_proxy') || told('http_proxy'),
      noProxy: told('no_proxy'),
      connect: { timeout: CONNECT_MS },
      headersTimeout: silentMs,
      bodyTimeout: silentMs,
    })
  } catch (error) {
    throw failed('the proxy that is set is no address', error)
  }
}

/**
 * Resolves when `partFile` holds the file with that checksum. AppError `runtime-download-failed` (what came so far is kept
 * to go on with), `runtime-wrong-checksum` (nothing is kept), `runtime-not-kept` (the disk).
 * Proxies are those of HTTPS_PROXY and NO_PROXY.
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { partFile, sha256, silentMs = SILENT_MS } = options
  await alone(`${partFile}.lock`, async () => {
    const dispatcher = dispatcherOf(options.env, silentMs)
    try {
      const started = await onDisk(partFile, () => sizeOf(partFile))
      // All of it may lie there from a time that was ended just before the last step.
      if (started > 0 && (await onDisk(partFile, () => sha256Of(partFile))) === sha256) return
      await fetchAll(options, dispatcher)
      if ((await onDisk(partFile, () => sha256Of(partFile))) === sha256) return
      // Perhaps only what lay there was wrong: once more from the beginning.
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
