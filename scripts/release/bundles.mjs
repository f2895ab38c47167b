// Builds the page, the backend, the window's bundle and the single executable's bundle into its own folder, and lists the packages
// inside.
import { readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { build } from 'vite'
import { bundleWindow } from '../bundle-window.mjs'
import { root } from '../steps.mjs'

const MARK = `${sep}node_modules${sep}`

/** Returns the folder of the package that a module belongs to; null: our own code. */
function packageFolder(module) {
  const file = module.replace(/^\0/, '').split('?')[0]
  const at = file.lastIndexOf(MARK)
  if (at < 0) return null
  const [scope, name] = file.slice(at + MARK.length).split(sep)
  return join(file.slice(0, at + MARK.length), scope, scope.startsWith('@') ? name : '')
}

/** Makes a plugin that records the packages in the bundle. */
const noteInto = (folders) => ({
  name: 'note-packages',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue
      for (const [module, { renderedLength }] of Object.entries(chunk.modules)) {
        const folder = renderedLength > 0 ? packageFolder(module) : null
        if (folder) folders.add(folder)
      }
    }
  },
})

function describe(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return { folder, name, version, license }
}

/** Builds; returns the four paths and the packages inside, sorted: `{ folder, name, version, license }`. */
export async function buildBundles(target) {
  const folders = new Set()
  const run = (configFile, outDir, ssr, mode = 'production') =>
    build({
      mode,
      root: ssr ? root : join(root, 'src'),
      configFile: join(root, configFile),
      logLevel: 'warn',
      plugins: [noteInto(folders)],
      build: { outDir, emptyOutDir: mode === 'production', ...(ssr && { ssr: true }) },
    })
  const page = join(target, 'resources', 'app')
  const backend = join(target, 'dist', 'backend')
  const single = join(target, 'single')
  await run('vite.config.ts', page, false)
  await run('vite.backend.config.ts', backend, true)
  for (const mode of ['connect', 'hub']) await run('vite.hub.config.ts', backend, true, mode)
  await run('vite.single.config.ts', single, true)
  const window = join(target, 'dist', 'window')
  await bundleWindow(page, window)
  const packages = [...folders].map(describe).sort((a, b) => (a.name < b.name ? -1 : 1))
  return { page, backend, window, single: join(single, 'single.cjs'), packages }
}
