// Renders the icon as PNG, for desktops without SVG support: src/public/icon.svg -> resources/icons/. Run: node scripts/icons.mjs
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { findChromium } from './chromium.mjs'
import { root } from './steps.mjs'

const SIZES = [32, 64, 256, 512]

const target = join(root, 'resources', 'icons')
mkdirSync(target, { recursive: true })
const svg = readFileSync(join(root, 'src', 'public', 'icon.svg'), 'utf8')
const executablePath = findChromium()
const browser = await chromium.launch({
  ...(executablePath === null ? {} : { executablePath }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
try {
  const page = await browser.newPage()
  for (const size of SIZES) {
    await page.setViewportSize({ width: size, height: size })
    await page.setContent(
      `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
    )
    await page.screenshot({ path: join(target, `serena-deck-${size}.png`), omitBackground: true })
    console.log(`resources/icons/serena-deck-${size}.png`)
  }
} finally {
  await browser.close()
}
