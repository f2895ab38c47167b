// Takes the pictures for the documents from the demo: in Chromium, and one of the native window (Linux).
// Run: npm run build && node scripts/pictures.mjs [NAME …]; without a name, all of them.
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { startBuiltDemo } from './built-demo.mjs'
import { findChromium } from './chromium.mjs'
import { root, runScript } from './steps.mjs'
import { takeWindowPicture, whyNoWindowPicture } from './window-picture.mjs'
import { recordZombieGif } from './zombie-gif.mjs'

const PICTURES = [
  { name: 'all-wide', width: 1100, height: 460, scheme: 'light', open: null, view: null },
  { name: 'overview-dark', width: 1400, height: 860, scheme: 'dark', open: 'shop-api', view: 'Overview' },
  { name: 'logs-narrow', width: 420, height: 760, scheme: 'light', open: 'NO PROJECT', view: 'Logs' },
]

const target = join(root, 'docs', 'images')
const isWanted = (name) => process.argv.length < 3 || process.argv.includes(name)

/** Runs `use` with the address of a new demo. */
async function withDemo(use) {
  const demo = await startBuiltDemo({ cwd: homedir() })
  try {
    await use(demo.openUrl)
  } finally {
    await demo.stop()
  }
}

async function takeStills(browser, url) {
  const page = await browser.newPage({ deviceScaleFactor: 1.5 })
  await page.goto(url)
  // A hung instance is certain after ten seconds without an answer.
  await page.getByRole('tab', { name: /, hung$/ }).waitFor({ timeout: 60_000 })
  for (const picture of PICTURES.filter(({ name }) => isWanted(name))) await takeStill(page, picture)
  await page.close()
}

async function takeStill(page, { name, width, height, scheme, open, view }) {
  await page.setViewportSize({ width, height })
  await page.emulateMedia({ colorScheme: scheme })
  const tabs = page.getByRole('tablist', { name: 'Serena instances' })
  const tab = tabs.getByRole('tab', { name: open ?? 'All', ...(open === null && { exact: true }) })
  // Two tabs have that name; the first one is the busy instance.
  await tab.first().click()
  if (view !== null) await page.getByRole('tab', { name: view, exact: true }).click()
  // The first sample of memory and CPU is half a minute old.
  if (view === 'Overview') await page.getByText(/^Memory in the last hour/).waitFor({ timeout: 90_000 })
  await page.mouse.move(width - 1, height - 1)
  await page.waitForTimeout(1_500)
  await page.screenshot({ path: join(target, `${name}.png`) })
  console.log(`docs/images/${name}.png`)
}

async function takeWindow() {
  const why = await whyNoWindowPicture()
  if (why !== null) return console.log(`docs/images/window.png is kept: ${why}`)
  await takeWindowPicture(join(target, 'window.png'))
  console.log('docs/images/window.png')
}

async function launchBrowser() {
  const executablePath = findChromium()
  return chromium.launch({
    ...(executablePath === null ? {} : { executablePath }),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
}

await runScript(async () => {
  mkdirSync(target, { recursive: true })
  const browser = await launchBrowser()
  try {
    if (PICTURES.some(({ name }) => isWanted(name))) await withDemo((url) => takeStills(browser, url))
    if (isWanted('zombie')) {
      await withDemo((url) => recordZombieGif(browser, url, join(target, 'zombie.gif')))
      console.log('docs/images/zombie.gif')
    }
  } finally {
    await browser.close()
  }
  if (isWanted('window')) await takeWindow()
  return 0
})
