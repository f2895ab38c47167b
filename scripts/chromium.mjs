// Finds a Chromium for the browser tests, or installs one.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cache, root, run, runCommand } from './steps.mjs'

/** Playwright's own browsers are stored with our other downloads: the home folder may be read-only. */
export const playwrightEnvironment = { PLAYWRIGHT_BROWSERS_PATH: join(cache, 'playwright') }

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

function candidates(env, platform) {
  if (platform === 'darwin') {
    return ['Chromium', 'Google Chrome'].map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`)
  }
  if (platform === 'win32') {
    const folders = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LocalAppData].filter(Boolean)
    const programs = ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe']
    return folders.flatMap((folder) => programs.map((program) => `${folder}\\${program}`))
  }
  const folders = [...new Set(['/usr/bin', ...(env.PATH ?? '').split(delimiter)])].filter(Boolean)
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
}

/** Returns the path of an installed Chromium or Chrome; SERENA_DECK_CHROMIUM has precedence; null: none found. */
export function findChromium(env = process.env, platform = process.platform) {
  const configured = env.SERENA_DECK_CHROMIUM
  if (configured) return existsSync(configured) ? configured : null
  return candidates(env, platform).find((path) => existsSync(path)) ?? null
}

/**
 * Returns the path of Chromium's headless shell, Playwright's default where it downloads the browser: it takes a quarter less time, and has
 * no notifications. Null: not installed, or SERENA_DECK_CHROMIUM names the browser for all tests.
 */
export function findHeadlessShell(env = process.env) {
  const path = '/usr/bin/chromium-headless-shell'
  return env.SERENA_DECK_CHROMIUM === undefined && existsSync(path) ? path : null
}

// The file may be a stub that only says how to install the browser (chromium-browser on Ubuntu), so it must start.
const starts = async (path) =>
  process.platform === 'win32' || (await run(path, ['--version'], { quiet: true, timeoutMs: 20_000 })) === 0

async function playwrightsOwn() {
  Object.assign(process.env, playwrightEnvironment)
  const { chromium } = await import(pathToFileURL(join(root, 'node_modules', 'playwright', 'index.mjs')).href)
  const path = chromium.executablePath()
  return existsSync(path) && (await starts(path)) ? path : null
}

/**
 * Returns a Chromium that starts: an installed one, else Playwright's download, else (as root on Debian and derivatives) the
 * distribution's package. Resolves to `{path}`, or `{path: null, why}` with a command for the user.
 */
export async function getChromium() {
  const found = findChromium()
  if (found && (await starts(found))) return { path: found }
  const earlier = await playwrightsOwn()
  if (earlier) return { path: earlier }
  console.log('Chromium is not installed: downloading the Playwright version …')
  await runCommand('playwright', 'playwright', ['install', 'chromium'], { env: playwrightEnvironment })
  const downloaded = await playwrightsOwn()
  if (downloaded) return { path: downloaded }
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('The download failed: installing the chromium package of this system with apt-get …')
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['update'], { env })
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env })
    // Older distributions do not have it.
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium-headless-shell'], { env })
    const installed = findChromium()
    if (installed && (await starts(installed))) return { path: installed }
  }
  const why =
    'Chromium was not found and could not be installed. Run `npx playwright install --with-deps chromium`.'
  return { path: null, why }
}
