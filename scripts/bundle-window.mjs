// Packs the built page and the window's configuration into resources.neu, as the window's runtime reads it: an asar.
// From a bundle the runtime serves these files alone; from a folder it would serve whatever path it is asked for.
import { cpSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPackage } from '@electron/asar'
import { root } from './steps.mjs'

/** Packs the page of that folder; `target` is made anew. */
export async function bundleWindow(page, target) {
  const stage = join(target, 'stage')
  rmSync(target, { recursive: true, force: true })
  mkdirSync(join(stage, 'resources'), { recursive: true })
  cpSync(join(root, 'neutralino.config.json'), join(stage, 'neutralino.config.json'))
  cpSync(page, join(stage, 'resources', 'app'), { recursive: true })
  cpSync(join(root, 'resources', 'icons'), join(stage, 'resources', 'icons'), { recursive: true })
  await createPackage(stage, join(target, 'resources.neu'))
  rmSync(stage, { recursive: true })
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  await bundleWindow(join(root, 'resources', 'app'), join(root, 'dist', 'window'))
