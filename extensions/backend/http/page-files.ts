// The built page, read once into memory by file name: a request can only name one of these files.
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

export interface PageFile {
  body: Buffer
  gzipped: Buffer
  type: string
  /** Names under /assets/ carry a hash of their content. */
  isImmutable: boolean
}

export type PageFiles = ReadonlyMap<string, PageFile>

/** Returns the page's files by request path, `/` for index.html; empty when it is not built. */
export function readPageFiles(folder: string): PageFiles {
  const files = new Map<string, PageFile>()
  for (const name of namesIn(folder)) {
    const type = TYPES[extname(name)]
    // The native window has its own copy of that file, which is not needed elsewhere.
    if (type === undefined || name === 'window.html') continue
    const body = readFileSync(join(folder, name))
    const path = `/${name.replaceAll('\\', '/')}`
    const file = { body, gzipped: gzipSync(body), type, isImmutable: path.startsWith('/assets/') }
    files.set(path, file)
    if (path === '/index.html') files.set('/', file)
  }
  return files
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch {
    // Not built yet: the app answers with a message instead of the page.
    return []
  }
}
