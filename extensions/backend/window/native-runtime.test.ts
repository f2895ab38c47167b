// The download of the runtime: real servers on this machine, real files.
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '#contract/errors'
import { findNativeRuntime, type RuntimePlace, runtimeFile } from './native-runtime.ts'
import { download } from './runtime/download.ts'
import { fetchNativeRuntime } from './runtime/fetch-runtime.ts'
import type { RuntimePin } from './runtime/pins.ts'

const isPosix = process.platform !== 'win32'
const NAME = 'neutralino-linux_x64'
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** A zip with one deflated entry. */
function zipOf(name: string, content: Buffer): Buffer {
  const packed = deflateRawSync(content, { level: 0 })
  const head = Buffer.alloc(26)
  head.writeUInt16LE(20, 0)
  head.writeUInt16LE(8, 4)
  head.writeUInt32LE(crc32(content), 10)
  head.writeUInt32LE(packed.length, 14)
  head.writeUInt32LE(content.length, 18)
  head.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, Buffer.from(name), packed])
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00'),
    head,
    Buffer.alloc(14),
    Buffer.from(name),
  ])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}

const program = randomBytes(300_000)
const archive = zipOf(NAME, program)

type Answer = (request: IncomingMessage, response: ServerResponse) => void
const ends: (() => void)[] = []
let folder = ''
let place: RuntimePlace
const ranges: (string | undefined)[] = []

/** Serves with `answer`; returns the pin that leads there. */
async function serve(answer: Answer, changes: Partial<RuntimePin> = {}): Promise<RuntimePin> {
  const server = createServer((request, response) => {
    ranges.push(request.headers.range)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/runtime.zip`
  return { url, name: NAME, archiveSha256: sha256(archive), sha256: sha256(program), ...changes }
}

/** As a release server does it: ranges, lengths. `cutAfter`: so many bytes of the body, then the connection is torn. */
function sends(body: Buffer, cutAfter: readonly number[] = []): Answer {
  let turn = 0
  return (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    if (from >= body.length) {
      response.writeHead(416).end()
      return
    }
    const rest = body.subarray(from)
    response.writeHead(from ? 206 : 200, {
      'content-length': rest.length,
      ...(from && { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` }),
    })
    const cut = cutAfter[turn++]
    if (cut === undefined) response.end(rest)
    else response.write(rest.subarray(0, cut), () => setTimeout(() => response.destroy(), 20))
  }
}

const failure = async (promise: Promise<unknown>): Promise<[string, string]> => {
  const error = await promise.then(
    () => new Error('it worked'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof AppError)) throw error
  return [error.code, error.message]
}
const kept = (): string[] => (existsSync(cache()) ? readdirSync(cache()).sort() : [])
const cache = (): string => dirname(runtimeFile(place) ?? '')
const partFile = (): string => join(cache(), `${sha256(archive).slice(0, 16)}.zip.part`)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'serena-deck-runtime-'))
  place = { env: { XDG_CACHE_HOME: folder }, platform: 'linux', arch: 'x64' }
  ranges.length = 0
})
afterEach(() => {
  for (const end of ends.splice(0)) end()
  rmSync(folder, { recursive: true, force: true })
})

describe('a download', () => {
  it('returns the program, reports its progress and leaves nothing else', async () => {
    const pin = await serve(sends(archive))
    const seen: number[] = []
    const file = await fetchNativeRuntime(place, {
      pin,
      onProgress: ({ receivedBytes, totalBytes }) => {
        expect(totalBytes).toBe(archive.length)
        seen.push(receivedBytes)
      },
    })
    expect(file).toBe(runtimeFile(place))
    expect(readFileSync(file).equals(program)).toBe(true)
    expect(kept()).toEqual([NAME])
    expect(seen.at(-1)).toBe(archive.length)
    expect(findNativeRuntime(place)).toBe(file)
    if (isPosix) expect(statSync(cache()).mode & 0o777).toBe(0o700)
  })

  it('follows a redirect, as releases do', async () => {
    const pin = await serve(sends(archive))
    const first = await serve((_, response) => response.writeHead(302, { location: pin.url }).end())
    await fetchNativeRuntime(place, { pin: { ...pin, url: first.url } })
    expect(kept()).toEqual([NAME])
  })

  it('resumes after a cut, at once and at the next start', async () => {
    const pin = await serve(sends(archive, [100_000, 50_000]))
    await fetchNativeRuntime(place, { pin })
    expect(ranges).toHaveLength(3)
    expect(ranges[0]).toBeUndefined()
    expect(ranges[2]).toMatch(/^bytes=1\d{5}-$/)
    expect(kept()).toEqual([NAME])
    rmSync(cache(), { recursive: true })

    const dead = await serve(sends(archive, [120_000, 0]))
    expect(await failure(fetchNativeRuntime(place, { pin: dead }))).toEqual([
      'runtime-download-failed',
      'The window runtime could not be downloaded: the connection was cut.',
    ])
    expect(kept()).toEqual([`${sha256(archive).slice(0, 16)}.zip.part`])
    const had = statSync(partFile()).size
    expect(had).toBeGreaterThan(0)
    ranges.length = 0
    await fetchNativeRuntime(place, { pin })
    expect(ranges).toEqual([`bytes=${had}-`])
    expect(kept()).toEqual([NAME])
  })

  it('starts again when the server does not support ranges', async () => {
    const pin = await serve((_, response) => response.end(archive))
    await mkdir(cache(), { recursive: true })
    await writeFile(partFile(), archive.subarray(0, 5000))
    await fetchNativeRuntime(place, { pin })
    expect(kept()).toEqual([NAME])
  })

  it('that is complete already is not requested again', async () => {
    await mkdir(cache(), { recursive: true })
    await writeFile(partFile(), archive)
    const pin = await serve(sends(archive))
    await fetchNativeRuntime(place, { pin })
    expect([ranges, kept()]).toEqual([[], [NAME]])
  })

  it.each([
    ['of another file', Buffer.alloc(5000, 'x')],
    ['longer than the file', Buffer.concat([archive, archive])],
  ])('with a beginning %s starts once more from nothing', async (_, wrong) => {
    await mkdir(cache(), { recursive: true })
    await writeFile(partFile(), wrong)
    await fetchNativeRuntime(place, { pin: await serve(sends(archive)) })
    expect(readFileSync(runtimeFile(place) ?? '').equals(program)).toBe(true)
    expect(kept()).toEqual([NAME])
  })

  it.each([
    ['a changed byte', () => Buffer.concat([archive.subarray(0, -1), Buffer.from([1])])],
    ['a page of a captive portal', () => Buffer.from('<html>Please log in</html>')],
    ['nothing at all', () => Buffer.alloc(0)],
  ])('of %s is not kept', async (_, body) => {
    const pin = await serve((_request, response) => response.end(body()))
    expect(await failure(fetchNativeRuntime(place, { pin }))).toEqual([
      'runtime-wrong-checksum',
      'The downloaded window runtime has a wrong checksum and was discarded.',
    ])
    expect(kept()).toEqual([])
    expect(findNativeRuntime(place)).toBeNull()
  })

  it('with a valid archive but a wrong program is not kept', async () => {
    for (const changes of [{ sha256: '0'.repeat(64) }, { name: 'neutralino-other' }]) {
      const pin = await serve(sends(archive), changes)
      expect((await failure(fetchNativeRuntime(place, { pin })))[0]).toBe('runtime-wrong-checksum')
      expect(kept()).toEqual([])
    }
  })

  it('that never ends is cut and not kept', async () => {
    const block = Buffer.alloc(1024 * 1024)
    const pin = await serve((_, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write(block, more)
      }
      more()
    })
    expect(await failure(fetchNativeRuntime(place, { pin }))).toEqual([
      'runtime-download-failed',
      'The window runtime could not be downloaded: the file is larger than expected.',
    ])
    expect(kept()).toEqual([])
  })

  it.each([
    ['status 404', (_: unknown, response: ServerResponse) => response.writeHead(404).end()],
    ['status 503', (_: unknown, response: ServerResponse) => response.writeHead(503).end('busy')],
    [
      'status 206',
      (_: unknown, response: ServerResponse) =>
        response.writeHead(206, { 'content-range': 'bytes 7-9/10' }).end('abc'),
    ],
  ])('answered with %s says so', async (status, answer) => {
    const pin = await serve(answer)
    expect(await failure(fetchNativeRuntime(place, { pin }))).toEqual([
      'runtime-download-failed',
      `The window runtime could not be downloaded: the server answered with ${status}.`,
    ])
    expect(kept()).toEqual([])
  })

  it('reports a missing or silent server', async () => {
    const silent = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 10 })
      response.write('abc')
    })
    await mkdir(cache(), { recursive: true })
    const asked = {
      url: silent.url,
      sha256: silent.archiveSha256,
      partFile: partFile(),
      env: {},
      silentMs: 300,
    }
    expect((await failure(download(asked)))[1]).toContain('the server stopped answering')
    for (const end of ends.splice(0)) end()
    expect((await failure(fetchNativeRuntime(place, { pin: silent })))[1]).toContain(
      'the server cannot be reached',
    )
    const nowhere = { ...silent, url: 'https://runtime.invalid/x.zip' }
    expect((await failure(fetchNativeRuntime(place, { pin: nowhere })))[0]).toBe('runtime-download-failed')
  })

  it('uses the proxy of the environment, except for excluded hosts', async () => {
    const tunnels: string[] = []
    const proxy = createServer().on('connect', (request: IncomingMessage, socket: Socket) => {
      tunnels.push(request.url ?? '')
      const [, port] = (request.url ?? '').split(':')
      const target = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(target).pipe(socket)
      })
      for (const end of [socket, target]) end.on('error', () => undefined)
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    ends.push(() => proxy.close())
    const http_proxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const pin = await serve(sends(archive))
    const withEnv = (env: NodeJS.ProcessEnv): Promise<string> =>
      fetchNativeRuntime({ ...place, env: { ...place.env, ...env } }, { pin })
    await withEnv({ http_proxy })
    expect(tunnels).toEqual([new URL(pin.url).host])
    await withEnv({ HTTP_PROXY: http_proxy, NO_PROXY: 'localhost,127.0.0.1' })
    expect(tunnels).toHaveLength(1)
    expect((await failure(withEnv({ http_proxy: 'not an address' })))[1]).toContain('the configured proxy')
    expect((await failure(withEnv({ http_proxy: 'http://127.0.0.1:1' })))[1]).toContain(
      'the server cannot be reached',
    )
  })

  it('that is stopped keeps the received part', async () => {
    const stop = new AbortController()
    const pin = await serve(sends(archive, [100_000, 100_000]))
    const fetched = fetchNativeRuntime(place, { pin, signal: stop.signal, onProgress: () => stop.abort() })
    expect((await failure(fetched))[0]).toBe('runtime-download-failed')
    expect(kept()).toEqual([`${sha256(archive).slice(0, 16)}.zip.part`])
  })

  it('is refused without a pin', async () => {
    const other = { ...place, arch: 'riscv64' }
    expect(await failure(fetchNativeRuntime(other))).toEqual([
      'runtime-unpinned',
      'No window runtime is available for linux-riscv64.',
    ])
  })

  it('reports why the disk cannot be written', async () => {
    const pin = await serve(sends(archive))
    await writeFile(join(folder, 'serena-deck'), 'a file')
    expect(await failure(fetchNativeRuntime(place, { pin }))).toEqual([
      'runtime-not-kept',
      `Cannot store the window runtime in ${cache()}: a part of its path is not a folder.`,
    ])
  })

  it.skipIf(!isPosix)('never writes through a planted link', async () => {
    const pin = await serve(sends(archive))
    await mkdir(cache(), { recursive: true })
    await writeFile(join(folder, 'precious'), 'precious')
    await symlink(join(folder, 'precious'), partFile())
    expect(await failure(fetchNativeRuntime(place, { pin }))).toEqual([
      'runtime-not-kept',
      `Cannot store the window runtime in ${cache()}: it is a symbolic link.`,
    ])
    expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('precious')
  })

  it('does not run beside another one, and breaks the lock of one that exited', async () => {
    const pin = await serve(sends(archive))
    await mkdir(cache(), { recursive: true })
    const lock = `${partFile()}.lock`
    await writeFile(lock, `${process.pid}\n${hostname()}\n`)
    expect((await failure(fetchNativeRuntime(place, { pin })))[1]).toContain('another Serena Deck')
    const { pid: exited } = spawnSync(process.execPath, ['--version'])
    await writeFile(lock, `${exited}\n${hostname()}\n`)
    await fetchNativeRuntime(place, { pin })
    expect(kept()).toEqual([NAME])
  })

  it('ends complete or with an error, wherever the connection is cut', { timeout: 60_000 }, async () => {
    const cuts = fc.array(fc.nat(archive.length - 1), { maxLength: 7 })
    await fc.assert(
      fc.asyncProperty(cuts, async (cutAfter) => {
        rmSync(cache(), { recursive: true, force: true })
        const pin = await serve(sends(archive, cutAfter))
        const outcome = await fetchNativeRuntime(place, { pin }).catch((error: unknown) => error)
        if (outcome instanceof AppError) {
          expect(outcome.code).toBe('runtime-download-failed')
          expect(existsSync(runtimeFile(place) ?? '')).toBe(false)
          await fetchNativeRuntime(place, { pin: await serve(sends(archive)) })
        } else if (outcome instanceof Error) throw outcome
        expect(readFileSync(runtimeFile(place) ?? '').equals(program)).toBe(true)
        expect(kept()).toEqual([NAME])
      }),
      { numRuns: 25 },
    )
  })
})
