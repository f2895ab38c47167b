// Where this copy of Serena Deck stands and which version it is, from source and from the bundle alike.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isSea } from 'node:sea'
import { fileURLToPath } from 'node:url'
import * as z from 'zod/mini'

const packageSchema = z.object({ name: z.literal('serena-deck'), version: z.string() })

function findProduct(): { folder: string; version: string } {
  for (
    let folder = dirname(fileURLToPath(import.meta.url));
    folder !== dirname(folder);
    folder = dirname(folder)
  ) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const product = packageSchema.safeParse(parsed)
      if (product.success) return { folder, version: product.data.version }
    } catch {
      // No package.json here: it stands further up.
    }
  }
  throw new Error('Serena Deck cannot find its own package.json')
}

const product = findProduct()
export const productVersion = product.version
/** The built page. */
export const pageFolder = join(product.folder, 'resources', 'app')
/** The built command line, for starting ourselves anew; also when this runs from source. */
export const cliProgram = join(product.folder, 'dist', 'backend', 'cli.js')
/** Starts this copy's command line, from anywhere. */
export const productCommand: readonly [string, ...string[]] = isSea()
  ? [process.execPath]
  : [process.execPath, cliProgram]
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
