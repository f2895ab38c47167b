// npm run release: builds the npm package and the standalone program for this platform, with checksums and a bill of materials.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { homeEnvironment, installModules, npmCommand, root, runScript, StepError } from './steps.mjs'

const product = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const sha256 = (content) => createHash('sha256').update(content).digest('hex')

/** Runs npm and returns its standard output. */
function npm(args, cwd) {
  const [file, ...first] = npmCommand()
  // Vite sets it to production, with which npm would omit development dependencies that the page is built from.
  const env = { ...process.env, ...homeEnvironment(), NODE_ENV: '' }
  const { status, stdout, stderr } = spawnSync(file, [...first, ...args], {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new StepError(`npm ${args[0]} failed: ${stderr || stdout}`)
  return stdout
}

/** Returns all files below a folder, as relative paths. */
const filesIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => statSync(join(folder, name)).isFile())

const writeJson = (file, value) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)

/** Copies the files common to both: the page, the window, the license texts. */
function addCommon(folder, built, notices, bom) {
  cpSync(built.page, join(folder, 'resources', 'app'), { recursive: true })
  cpSync(built.window, join(folder, 'dist', 'window'), { recursive: true })
  for (const name of ['README.md', 'LICENSE']) cpSync(join(root, name), join(folder, name))
  cpSync(join(root, 'resources', 'icons'), join(folder, 'resources', 'icons'), { recursive: true })
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), notices)
  if (bom) writeJson(join(folder, 'sbom.cdx.json'), bom)
}

/** Makes the npm package: everything is bundled except the native calls, which npm installs if the platform supports them. */
function packPackage(built, notices, out, scratch) {
  const folder = join(scratch, 'package')
  cpSync(built.backend, join(folder, 'dist', 'backend'), { recursive: true })
  addCommon(folder, built, notices, null)
  const { name, version, description, license, type, engines, bin, optionalDependencies } = product
  const files = ['dist/', 'resources/', 'THIRD-PARTY-LICENSES.txt']
  writeJson(join(folder, 'package.json'), {
    name,
    version,
    description,
    license,
    type,
    engines,
    bin,
    files,
    optionalDependencies,
  })
  npm(['pack', '--pack-destination', out, '--loglevel', 'error'], folder)
  return join(out, `${name}-${version}.tgz`)
}

/** The files of the native calls needed at run time, without C sources and documents. */
const isNeeded = (file) => /\.(cjs|js|json|node)$|\/LICENSE/.test(file)

/** Copies koffi with its binary for this platform beside the program; returns the packages; empty: not installed. */
function addNativeCalls(folder) {
  const modules = join(root, 'node_modules')
  const names = ['koffi', `@koromix/koffi-${process.platform}-${process.arch}`]
  if (!names.every((name) => existsSync(join(modules, name)))) return []
  return names.map((name) => {
    const from = join(modules, name)
    for (const file of filesIn(from).filter((one) => isNeeded(`/${one}`) && !/^(doc|vendor|lib)\//.test(one)))
      cpSync(join(from, file), join(folder, 'node_modules', name, file))
    const { version, license } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'))
    return { folder: from, name, version, license }
  })
}

/** Returns the window runtime in the cache of this machine; null: none. */
async function runtimeInCache() {
  const { tsImport } = await import('tsx/esm/api')
  const load = (file) => tsImport(`../extensions/backend/window/${file}`, import.meta.url)
  const { findNativeRuntime } = await load('native-runtime.ts')
  const { RUNTIME_VERSION, runtimePin } = await load('runtime/pins.ts')
  const { platform, arch, env } = process
  const file = findNativeRuntime({ platform, arch, env: { ...env, HOME: env.HOME ?? homedir() } })
  if (file === null) return null
  const content = readFileSync(file)
  const isPinned = sha256(content) === runtimePin(platform, arch)?.sha256
  return { file, content, version: RUNTIME_VERSION, isPinned }
}

/** Makes the standalone folder and its archive. */
async function makeFolder(built, { notices, licenseTexts, bomOf }, out, scratch) {
  const name = `${product.name}-${product.version}-${process.platform}-${process.arch}`
  const folder = join(scratch, name)
  mkdirSync(folder)
  const { makeSingleExecutable } = await import('./release/single-executable.mjs')
  const program = process.platform === 'win32' ? 'serena-deck.exe' : 'serena-deck'
  makeSingleExecutable(built.single, join(folder, program), scratch)
  const runtime = await runtimeInCache()
  const native = addNativeCalls(folder)
  const executables = new Set([program])
  const programs = [
    {
      type: 'application',
      name: 'node',
      version: process.versions.node,
      purl: `pkg:generic/node@${process.versions.node}`,
    },
  ]
  if (runtime) {
    const name = runtime.file.split(/[\\/]/).at(-1)
    mkdirSync(join(folder, 'runtime'))
    cpSync(runtime.file, join(folder, 'runtime', name), { dereference: true })
    executables.add(`runtime/${name}`)
    programs.push({
      type: 'application',
      name: 'neutralinojs',
      version: runtime.version,
      purl: `pkg:github/neutralinojs/neutralinojs@v${runtime.version}`,
      sha256: sha256(runtime.content),
    })
  }
  const { version, license, type } = product
  writeJson(join(folder, 'package.json'), { name: product.name, version, license, type })
  addCommon(folder, built, `${notices}${licenseTexts(native)}`, bomOf(programs, native))
  const { tarOf } = await import('./release/tar.mjs')
  const entries = filesIn(folder).map((file) => ({
    name: `${name}/${file}`,
    content: readFileSync(join(folder, file)),
    isExecutable: executables.has(file),
  }))
  writeFileSync(join(out, `${name}.tar.gz`), gzipSync(tarOf(entries), { level: 9 }))
  rmSync(join(out, name), { recursive: true, force: true })
  cpSync(folder, join(out, name), { recursive: true })
  return { name, runtime }
}

/** Returns the output folder. It is emptied first, so a folder with other files is refused. */
function outFolder(args) {
  const at = args.indexOf('--out')
  const chosen = at < 0 ? join(root, 'release') : args[at + 1]
  if (!chosen || chosen.startsWith('--')) throw new StepError('--out needs the name of a folder.', 2)
  const out = resolve(chosen)
  const isOurs = (name) => name === 'SHA256SUMS' || /^serena-deck-\d+\.\d+\.\d+/.test(name)
  const others = existsSync(out) ? readdirSync(out).filter((name) => !isOurs(name)) : []
  if (others.length > 0)
    throw new StepError(`${out} holds more than a release (${others[0]}): choose another folder.`, 2)
  return out
}

await runScript(async () => {
  const out = outFolder(process.argv.slice(2))
  // The tests run it with modules that are in use.
  if (!process.argv.includes('--no-install')) await installModules()
  const { buildBundles } = await import('./release/bundles.mjs')
  const { licenseTexts, reduceBom } = await import('./release/notices.mjs')
  mkdirSync(out, { recursive: true })
  for (const name of readdirSync(out)) rmSync(join(out, name), { recursive: true })
  const scratch = mkdtempSync(join(tmpdir(), 'serena-deck-release-'))
  try {
    console.log('Building …')
    const built = await buildBundles(join(scratch, 'built'))
    const { packages } = built
    const notices = licenseTexts(packages)
    const bom = JSON.parse(npm(['sbom', '--sbom-format', 'cyclonedx'], root))
    const { name, version } = product
    const bomOf = (programs, native = []) =>
      reduceBom(bom, { name, version, packages: [...packages, ...native], programs })
    packPackage(built, notices, out, scratch)
    console.log('Making the program that needs no Node …')
    const { whyNoSingleExecutable } = await import('./release/single-executable.mjs')
    const why = whyNoSingleExecutable()
    const folder =
      why === null ? await makeFolder(built, { notices, licenseTexts, bomOf }, out, scratch) : null
    writeJson(join(out, `${name}-${version}.cdx.json`), bomOf([]))
    const files = readdirSync(out).filter((file) => statSync(join(out, file)).isFile())
    const sums = files.sort().map((file) => `${sha256(readFileSync(join(out, file)))}  ${file}\n`)
    writeFileSync(join(out, 'SHA256SUMS'), sums.join(''))
    for (const file of [...files, 'SHA256SUMS', ...(folder ? [`${folder.name}/`] : [])])
      console.log(join(out, file))
    if (why !== null) console.log(`Not made: the program that needs no Node. ${why}`)
    else if (folder.runtime === null)
      console.log('The window runtime is not included: it is not in the cache of this machine.')
    else if (!folder.runtime.isPinned)
      console.log('The included window runtime is from this machine, not the pinned Neutralino release.')
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return 0
})
