// The output of `npm run release`: installed, unpacked and run in a clean environment, without network and without Node.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { beforeAll, describe, expect, type TestContext, test } from 'vitest'
import { startDesktop, whyNoDesktop } from '../helpers/desktop.ts'
import { startDrivenProgram } from '../helpers/driven-program.ts'
import { guardProcess, isAlive, markTree } from '../helpers/processes.ts'
import { makeTempFolder, projectRoot } from '../helpers/temp-home.ts'
import { scopePerFile, scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const file = scopePerFile()
const scope = scopePerTest()
const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }
const name = `serena-deck-${version}`
const folderName = `${name}-${process.platform}-${process.arch}`
const program = process.platform === 'win32' ? 'serena-deck.exe' : 'serena-deck'

const noDesktop = whyNoDesktop()

let out = ''
let output = ''

/** Runs the release into `target` with an empty cache, so that a runtime on this machine has no effect. */
function release(target: string, cache: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [join(projectRoot, 'scripts', 'release.mjs'), '--no-install', '--out', target],
      {
        env: { ...process.env, XDG_CACHE_HOME: cache, SERENA_DECK_RUNTIME: '' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve(text) : reject(new Error(text))))
  })
}

/** Returns an environment without settings of the user, without network, and without Node in the PATH. */
async function cleanEnvironment(): Promise<NodeJS.ProcessEnv> {
  const home = await makeTempFolder(scope, 'stranger')
  return {
    HOME: home,
    USERPROFILE: home,
    PATH: join(home, 'bin'),
    SERENA_HOME: join(home, '.serena'),
    SERENA_DECK_ONLY_HOMES: join(home, '.serena'),
  }
}

beforeAll(async () => {
  const folder = await makeTempFolder(file, 'release')
  await mkdir(join(folder, 'cache'))
  out = join(folder, 'out')
  output = await release(out, join(folder, 'cache'))
}, 400_000)

const skipWithoutProgram = (context: TestContext): void => {
  if (output.includes('Not made: the program that needs no Node.'))
    context.skip(output.trim().split('\n').at(-1))
}

test('refuses an output folder with other files, and leaves it unchanged', async () => {
  const folder = await makeTempFolder(scope, 'precious')
  writeFileSync(join(folder, 'thesis.txt'), 'mine')
  const release = (...args: string[]) =>
    spawnSync(process.execPath, [join(projectRoot, 'scripts', 'release.mjs'), '--no-install', ...args], {
      cwd: folder,
      encoding: 'utf8',
    })
  const refused = release('--out', folder)
  expect([refused.status, refused.stdout]).toEqual([2, ''])
  expect(refused.stderr).toContain('(thesis.txt): choose another folder.')
  for (const args of [['--out'], ['--out', '--no-install']])
    expect(release(...args)).toMatchObject({ status: 2, stderr: '--out needs the name of a folder.\n' })
  expect(readdirSync(folder)).toEqual(['thesis.txt'])
})

test('the checksum list contains all files', () => {
  const lines = readFileSync(join(out, 'SHA256SUMS'), 'utf8').trim().split('\n')
  const sums = lines.map((line) => line.split('  '))
  const files = readdirSync(out).filter(
    (entry) => statSync(join(out, entry)).isFile() && entry !== 'SHA256SUMS',
  )
  expect(sums.map(([, entry]) => entry)).toEqual(files.sort())
  for (const [sum, entry] of sums)
    expect(
      createHash('sha256')
        .update(readFileSync(join(out, entry ?? '')))
        .digest('hex'),
    ).toBe(sum)
})

test('the bill of materials lists what is shipped, without development dependencies', () => {
  const bom = JSON.parse(readFileSync(join(out, `${name}.cdx.json`), 'utf8')) as {
    components: { name: string; licenses?: unknown[] }[]
    metadata: Record<string, unknown>
    dependencies: { ref: string; dependsOn: string[] }[]
  }
  const names = bom.components.map((component) => component.name)
  expect(names).toEqual(expect.arrayContaining(['solid-js', '@kobalte/core', 'hono', 'undici', 'zod']))
  expect(names).not.toContain('vitest')
  expect(bom.metadata).not.toHaveProperty('timestamp')
  for (const component of bom.components)
    expect(component.licenses?.length, component.name).toBeGreaterThan(0)
})

describe('the npm package', () => {
  const npm = (args: string[], cwd: string, cache: string): string =>
    execFileSync('npm', args, {
      cwd,
      encoding: 'utf8',
      shell: process.platform === 'win32',
      env: {
        ...process.env,
        npm_config_offline: 'true',
        npm_config_cache: cache,
        npm_config_update_notifier: 'false',
      },
    })

  test('installs without network and runs, also with npx', async () => {
    const folder = await makeTempFolder(scope, 'npm')
    const cache = join(folder, 'cache')
    const tarball = join(out, `${name}.tgz`)
    npm(['install', '--prefix', folder, '--no-audit', '--no-fund', tarball], folder, cache)
    expect(readdirSync(join(folder, 'node_modules')).filter((entry) => !entry.startsWith('.'))).toEqual([
      'serena-deck',
    ])
    const env = { ...(await cleanEnvironment()), PATH: process.env['PATH'] }
    const installed = join(folder, 'node_modules', 'serena-deck', 'dist', 'backend', 'cli.js')
    const list = execFileSync(process.execPath, [installed, 'list', '--json'], { env, encoding: 'utf8' })
    expect(JSON.parse(list)).toMatchObject({ schema: 1, instances: [] })
    const elsewhere = await makeTempFolder(scope, 'npx')
    expect(
      npm(['exec', '--yes', `--package=${tarball}`, '--', 'serena-deck', '--version'], elsewhere, cache),
    ).toContain(`serena-deck/${version} `)
  })
})

describe('the archive', () => {
  /** Unpacks it in a folder with special characters; returns its program. */
  async function unpack(context: TestContext): Promise<{ folder: string; own: string }> {
    skipWithoutProgram(context)
    const folder = join(await makeTempFolder(scope, 'unpacked'), `Ána's "100%" $HOME`)
    await mkdir(folder)
    execFileSync('tar', ['-xzf', join(out, `${folderName}.tar.gz`), '-C', folder])
    return { folder, own: join(folder, folderName, program) }
  }

  test('runs in any folder, without Node, and serves the page', async (context) => {
    const { folder, own } = await unpack(context)
    const env = await cleanEnvironment()
    expect(execFileSync(own, ['--version'], { env, encoding: 'utf8' })).toContain(`serena-deck/${version} `)
    expect(readFileSync(own).includes(projectRoot)).toBe(false)

    const served = startDrivenProgram(scope, own, ['serve', '--json', '--port', '0'], { cwd: folder, env })
    scope.add(() => void served.child.kill())
    const { url } = await served.said(({ url }) => url !== undefined)
    const page = await fetch(String(url))
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<title>')
  })

  test.skipIf(process.platform !== 'linux')('installs a desktop entry that starts it', async (context) => {
    const { own } = await unpack(context)
    const env = await cleanEnvironment()
    execFileSync(own, ['install'], { env })
    const entry = readFileSync(
      join(env['HOME'] ?? '', '.local', 'share', 'applications', 'serena-deck.desktop'),
      'utf8',
    )
    expect(entry).toContain(`TryExec=${own}`)
    expect(entry).not.toContain('cli.js')
  })

  test.skipIf(noDesktop !== null)(
    `opens the native window and runs as its extension${noDesktop === null ? '' : ` (${noDesktop})`}`,
    async (context) => {
      skipWithoutProgram(context)
      const own = join(out, folderName, program)
      const desktop = await startDesktop(scope)
      const home = await makeTempFolder(scope, 'home')
      const env = {
        ...desktop.env,
        SERENA_HOME: home,
        SERENA_DECK_ONLY_HOMES: home,
        PATH: '/usr/bin-without-node:/bin',
      }
      const opened = spawnSync(own, ['open'], { env, encoding: 'utf8' })
      expect([opened.status, opened.stdout, opened.stderr]).toEqual([0, 'Serena Deck is open.\n', ''])
      await desktop.untilTitle((title) => title === 'Serena Deck', 'ours')
      const tree = markTree(await desktop.windowPid())
      for (const mark of tree) guardProcess(mark)
      const { pid } = JSON.parse(readFileSync(join(desktop.stateFolder, 'backend.json'), 'utf8')) as {
        pid: number
      }
      expect(readlinkSync(`/proc/${pid}/exe`)).toBe(own)
      await desktop.closeWindow()
      await waitUntil('all its processes to exit', () => tree.every((mark) => !isAlive(mark)))
    },
  )

  test('runs the demo with itself as stand-ins', async (context) => {
    skipWithoutProgram(context)
    const env = {
      ...process.env,
      ...(await cleanEnvironment()),
      PATH: ['/usr/bin', '/bin'].join(delimiter),
    }
    const own = join(out, folderName, program)
    const demo = startDrivenProgram(scope, own, ['demo', '--instances', '2', '--json'], { cwd: out, env })
    scope.add(() => void demo.child.kill())
    const ready = await demo.said(({ url }) => url !== undefined)
    expect(ready['pid']).toBe(demo.mark.pid)
    const standIns = () =>
      markTree(demo.mark.pid).filter(({ pid }) =>
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('start-mcp-server'),
      )
    if (process.platform === 'linux') await waitUntil('both stand-ins run', () => standIns().length === 2)
  })
})
