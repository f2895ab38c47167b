// The README's animation: an instance of the demo hangs, its tab turns red, it is ended, the receipt is shown.
// `convert` of ImageMagick joins the frames.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StepError } from './steps.mjs'

const SIZE = { width: 900, height: 480 }
const COLORS = 96
const MOST_BYTES = 1_500_000

/**
 * Records the animation in a new page of `browser` and writes it to `target`.
 * @param {import('playwright').Browser} browser
 * @param {string} url address of a demo that has just started
 * @param {string} target
 */
export async function recordZombieGif(browser, url, target) {
  const folder = mkdtempSync(join(tmpdir(), 'serena-deck-gif-'))
  try {
    const page = await browser.newPage({ viewport: SIZE, deviceScaleFactor: 1, colorScheme: 'light' })
    const frames = makeFrames(page, folder)
    await page.goto(url)
    await playStory(page, frames)
    await page.close()
    joinFrames(frames.list, target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Returns a list of frames with a function that adds one, shown for `showMs`. */
function makeFrames(page, folder) {
  const list = []
  return {
    list,
    async add(showMs) {
      const path = join(folder, `${String(list.length).padStart(3, '0')}.png`)
      await page.screenshot({ path })
      list.push({ path, showMs })
    },
  }
}

async function playStory(page, frames) {
  const tabs = page.getByRole('tablist', { name: 'Serena instances' })
  await tabs
    .getByRole('tab', { name: /, live$/ })
    .first()
    .waitFor({ timeout: 30_000 })
  const hung = tabs.getByRole('tab', { name: /, hung$/ })
  await frames.add(1_800)
  await hung.waitFor({ timeout: 60_000 })
  await frames.add(1_600)
  const kill = page.getByRole('button', { name: /^Kill all zombies/ })
  await pointAt(page, kill)
  await frames.add(800)
  await kill.click()
  const dialog = page.getByRole('dialog', { name: 'Kill all zombies' })
  const boxes = dialog.getByRole('list').getByRole('checkbox')
  await boxes.first().waitFor()
  await frames.add(2_400)
  for (const box of await boxes.all()) {
    if (await box.isChecked()) continue
    await pointAt(page, box)
    await box.check()
    await frames.add(1_000)
  }
  const end = dialog.getByRole('button', { name: /^End \d+ instance/ })
  await pointAt(page, end)
  await frames.add(900)
  await end.click()
  await page.evaluate(() => document.getElementById('picture-pointer')?.remove())
  await waitForReceipt(page, dialog, frames)
  await frames.add(3_000)
  const close = dialog.getByRole('button', { name: 'Close', exact: true }).last()
  await pointAt(page, close)
  await close.click()
  await page.evaluate(() => document.getElementById('picture-pointer')?.remove())
  await page.waitForTimeout(1_500)
  await frames.add(2_200)
}

/** Adds a frame for each half second until the receipt is shown. */
async function waitForReceipt(page, dialog, frames) {
  const receipt = dialog.getByText(/^Ended \d+/).first()
  for (let n = 0; n < 80; n += 1) {
    if (await receipt.isVisible()) return
    await frames.add(250)
    await page.waitForTimeout(500)
  }
  throw new StepError('The receipt did not appear within 40 s.')
}

/** Draws a pointer over the middle of `locator`: screenshots of Chromium have none. */
async function pointAt(page, locator) {
  await locator.hover()
  const box = await locator.boundingBox()
  if (box === null) throw new StepError('The control to click is not visible.')
  await page.evaluate(
    ({ x, y }) => {
      const id = 'picture-pointer'
      const dot = document.getElementById(id) ?? document.createElement('div')
      dot.id = id
      Object.assign(dot.style, {
        position: 'fixed',
        left: `${x - 9}px`,
        top: `${y - 9}px`,
        width: '18px',
        height: '18px',
        borderRadius: '50%',
        background: 'rgb(40 90 220 / 45%)',
        border: '2px solid white',
        pointerEvents: 'none',
        zIndex: '2147483647',
      })
      // A modal dialog covers everything outside of it.
      const parent = document.querySelector('dialog[open]') ?? document.body
      parent.append(dot)
    },
    { x: box.x + box.width / 2, y: box.y + box.height / 2 },
  )
}

function joinFrames(frames, target) {
  const delays = frames.flatMap(({ path, showMs }) => ['-delay', String(Math.round(showMs / 10)), path])
  const options = ['+dither', '-colors', String(COLORS), '-layers', 'OptimizeTransparency']
  const run = spawnSync('convert', [...delays, ...options, '-loop', '0', target], { stdio: 'inherit' })
  if (run.error || run.status !== 0)
    throw new StepError('`convert` of ImageMagick failed or is not installed.')
  const { size } = statSync(target)
  if (size > MOST_BYTES) throw new StepError(`${target} has ${size} bytes, more than ${MOST_BYTES}.`)
}
