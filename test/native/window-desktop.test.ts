// The native window and the desktop: its position after it returns, and its notifications.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runCli } from '../helpers/cli.ts'
import { type Desktop, startDesktop, whyNoDesktop } from '../helpers/desktop.ts'
import { openWindow, untilExited } from '../helpers/native-window.ts'
import { startTestStandIn } from '../helpers/stand-in.ts'
import { makeTempFolder } from '../helpers/temp-home.ts'
import { scopePerTest } from '../helpers/vitest-scope.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const why = whyNoDesktop()

/** Moves from the search to its ✕, the pin, the menu, to the item that starts with this text; retries if the page ignored a key. */
async function hide(desktop: Desktop): Promise<void> {
  const isHidden = async (): Promise<boolean> => (await desktop.titles()).length === 0
  await waitUntil('it to be hidden', async () => {
    if (await isHidden()) return true
    await desktop.type(['Escape', 'Escape', 'slash', 'Tab', 'Tab', 'Tab', 'Return', 'h', 'i', 'Return'])
    return waitUntil('the effect of the keys', isHidden, { timeoutMs: 2_000 })
  })
}

describe.skipIf(why !== null)(`the native window on a desktop${why === null ? '' : ` (${why})`}`, () => {
  const scope = scopePerTest()

  test('returns from the tray to its position', async () => {
    const { desktop, env, tree } = await openWindow(scope, await makeTempFolder(scope, 'home'))
    await desktop.untilTitle((title) => title === 'Serena Deck', 'its page')
    await desktop.moveWindow(700, 30)
    const stood = await desktop.windowPlace()
    await hide(desktop)
    expect(await runCli(['open'], { env })).toEqual({
      code: 0,
      stdout: 'Serena Deck is open.\n',
      stderr: '',
    })
    await desktop.untilTitle(() => true, 'any')
    await waitUntil('its previous position', async () => (await desktop.windowPlace()).x === stood.x)
    expect(await desktop.windowPlace()).toEqual(stood)
    await desktop.closeWindow()
    await untilExited(tree)
  })

  test('notifies of a new zombie, also while the window is hidden', async () => {
    const home = await makeTempFolder(scope, 'home')
    const desktop = await startDesktop(scope)
    const notes = join(desktop.folder, 'notes')
    const programs = await makeTempFolder(scope, 'programs')
    const zenity = join(programs, 'zenity')
    writeFileSync(zenity, `#!/bin/sh\nprintf '%s\\n' "$@" >> '${notes}'\n`, { mode: 0o755 })
    writeFileSync(join(desktop.stateFolder, 'window.json'), '{"notifies":true}', { mode: 0o600 })
    const PATH = `${programs}${delimiter}${process.env['PATH'] ?? ''}`
    const given = { ...desktop, env: { ...desktop.env, PATH } }
    const { tree, env } = await openWindow(scope, home, given)
    await desktop.untilTitle((title) => title === 'Serena Deck', 'its page')
    await hide(desktop)
    const standIn = await startTestStandIn(scope, {
      serenaHome: home,
      options: {
        project: { name: '<b>shop</b>', path: home },
        hangsAfterMs: 0,
        hangsAfterAnswers: 4,
      },
    })
    await waitUntil('the notice', () => existsSync(notes), { timeoutMs: 40_000 })
    const [kind, , , , title, text] = readFileSync(notes, 'utf8').split('\n')
    expect([kind, title]).toEqual(['--notification', `${standIn.pid} - ‹b›shop‹/b›: hung`])
    expect(text).toContain(`No answer on port ${standIn.port()} for `)
    await runCli(['open'], { env })
    await desktop.untilTitle(() => true, 'any')
    await desktop.closeWindow()
    await untilExited(tree)
  })
})
