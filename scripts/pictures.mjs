// The README's pictures, but that of the native window: the demo in Chromium. Run: npm run build && node scripts/pictures.mjs
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { startBuiltDemo } from './built-demo.mjs'
import { findChromium } from './chromium.mjs'
import { root } from './steps.mjs'

const PICTURES = [
  { name: 'all-wide', width: 1100, height: 460, scheme: 'light', open: null, view: null },
  { name: 'overview-dark', width: 1100, height: 720, scheme: 'dark', open: 'shop-api', view: 'Overview' },
  { name: 'logs-narrow', width: 420, height: 760, scheme: 'light', open: 'NO PROJECT', view: 'Logs' },
]

const target = join(root, 'docs', 'images')
mkdirSync(target, { recursive: true })
const demo = await startBuiltDemo({ cwd: homedir() })
const executablePath = findChromium()
const browser = await chromium.launch({
  ...(executablePath === null ? {} : { executablePath }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
try {
  const page = await browser.newPage({ deviceScaleFactor: 1.5 })
  await page.goto(demo.openUrl)
  // The hung one needs its ten seconds of silence.
  await page.getByRole('tab', { name: /, hung$/ }).waitFor({ timeout: 60_000 })
  for (const { name, width, height, scheme, open, view } of PICTURES) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme: scheme })
    const tabs = page.getByRole('tablist', { name: 'Serena instances' })
    const tab = tabs.getByRole('tab', { name: open ?? 'All', ...(open === null && { exact: true }) })
    // Two are of that name: the first is the one at work.
    await tab.first().click()
    if (view !== null) await page.getByRole('tab', { name: view, exact: true }).click()
    await page.mouse.move(width - 1, height - 1)
    await page.waitForTimeout(1_500)
    await page.screenshot({ path: join(target, `${name}.png`) })
    console.log(`docs/images/${name}.png`)
  }
} finally {
  await browser.close()
  await demo.stop()
}
