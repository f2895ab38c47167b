// Packs the built page and the window's configuration into dist/window/resources.neu, as the window's runtime reads it: an asar.
// From a bundle the runtime serves these files alone; from a folder it would serve whatever path it is asked for.
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createPackage } from '@electron/asar'
import { root } from './steps.mjs'

const target = join(root, 'dist', 'window')
const stage = join(target, 'stage')
rmSync(target, { recursive: true, force: true })
mkdirSync(stage, { recursive: true })
for (const path of ['neutralino.config.json', 'resources/app', 'resources/icons'])
  cpSync(join(root, path), join(stage, path), { recursive: true })
await createPackage(stage, join(target, 'resources.neu'))
rmSync(stage, { recursive: true })
