// The folder and the version of this copy of Serena Deck, both from source and from the bundle.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isSea } from 'node:sea'
import { fileURLToPath } from 'node:url'

/** By hand: `connect` and the hub run beside every client and must stay small. */
const isOurs = (value: unknown): value is { version: string } =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  value.name === 'serena-deck' &&
  'version' in value &&
  typeof value.version === 'string'

function findProduct(): { folder: string; version: string } {
  for (
    let folder = dirname(fileURLToPath(import.meta.url));
    folder !== dirname(folder);
    folder = dirname(folder)
  ) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      if (isOurs(parsed)) return { folder, version: parsed.version }
    } catch {
      // No package.json here: it is further up.
    }
  }
  throw new Error('Serena Deck cannot find its own package.json')
}

/**
 * The hub computes little and runs for hours: compiled code and helper threads cost 2 of its 11 MB (docs/dev/hub.md). V8 would keep up
 * to 32 MB for new objects after many connections.
 */
const HUB_OPTIONS = [
  '--no-opt',
  '--no-sparkplug',
  '--single-threaded',
  '--expose-gc',
  '--max-semi-space-size=1',
]

const product = findProduct()
export const productVersion = product.version
/** The built page. */
export const pageFolder = join(product.folder, 'resources', 'app')
/** The built command line, for starting another process of ours; also when this runs from source. */
export const cliProgram = join(product.folder, 'dist', 'backend', 'cli.js')
/** Starts this copy's command line, from anywhere. */
export const productCommand: readonly [string, ...string[]] = isSea()
  ? [process.execPath]
  : [process.execPath, cliProgram]
/** Starts this copy's hub. */
export const hubCommand: readonly [string, ...string[]] = isSea()
  ? [process.execPath, 'hub', 'run']
  : [process.execPath, ...HUB_OPTIONS, join(product.folder, 'dist', 'backend', 'hub.js')]
/** The icon as PNG and SVG. */
export const iconFiles = {
  png256: join(product.folder, 'resources', 'icons', 'serena-deck-256.png'),
  png512: join(product.folder, 'resources', 'icons', 'serena-deck-512.png'),
  svg: join(pageFolder, 'icon.svg'),
} as const
/** Page and configuration of the native window, in one file. */
export const windowBundle = join(product.folder, 'dist', 'window')
/** Where a release holds the window's runtime. */
export const runtimeFolder = join(product.folder, 'runtime')
