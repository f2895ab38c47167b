// Packs the built page and the window's configuration into resources.neu, as the window runtime reads it: an asar archive. From a
// bundle the runtime serves only these files; from a folder it would serve any path. The script that starts the backend is written
// beside it.
import { cpSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPackage } from '@electron/asar'
import { root } from './steps.mjs'

/** Packs the page in that folder into `target`, which is emptied first. */
export async function bundleWindow(page, target) {
  const stage = join(target, 'stage')
  rmSync(target, { recursive: true, force: true })
  mkdirSync(join(stage, 'resources'), { recursive: true })
  cpSync(join(root, 'neutralino.config.json'), join(stage, 'neutralino.config.json'))
  cpSync(page, join(stage, 'resources', 'app'), { recursive: true })
  cpSync(join(root, 'resources', 'icons'), join(stage, 'resources', 'icons'), { recursive: true })
  await createPackage(stage, join(target, 'resources.neu'))
  rmSync(stage, { recursive: true })
  const script = join(root, 'extensions', 'backend', 'window', 'start-backend.sh')
  cpSync(script, join(target, 'start-backend.sh'))
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  await bundleWindow(join(root, 'resources', 'app'), join(root, 'dist', 'window'))
