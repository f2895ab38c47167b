// What is written and run on a Mac, as steps. The steps themselves never ran on one.
import { expect, it } from 'vitest'
import type { Launch } from './entry-texts.ts'
import { autostartPlan, installPlan, noAutostartPlan, type Place, uninstallPlan } from './install-plan.ts'
import { noServicePlan, servicePlan } from './service-plan.ts'

const place: Place = { platform: 'darwin', env: { HOME: '/Users/ana b' } }
const launch: Launch = { command: ['/opt/node', '/opt/it’s/cli.js'], env: { SERENA_HOME: '/Users/ana b/$x' } }
const APP = '/Users/ana b/Applications/Serena Deck.app'
const AGENTS = '/Users/ana b/Library/LaunchAgents'
const SERVICE = 'io.github.serena_deck.SerenaDeck.backend'

it('installs an app whose program only its owner can read', () => {
  const icons = { png256: Buffer.from('a'), png512: Buffer.from('b'), svg: Buffer.alloc(0) }
  const steps = installPlan({ ...place, launch, version: '1.2.3', icons })
  expect(steps.map((step) => (step.kind === 'write' ? [step.path, step.mode] : step))).toEqual([
    [`${APP}/Contents/Resources/serena-deck.icns`, 0o644],
    [`${APP}/Contents/MacOS/serena-deck`, 0o700],
    [`${APP}/Contents/Info.plist`, 0o644],
  ])
  expect(uninstallPlan(place)).toEqual([{ kind: 'remove', path: APP }])
})

it('starts at login by an agent of its own', () => {
  const file = `${AGENTS}/io.github.serena_deck.SerenaDeck.plist`
  expect(autostartPlan(place, launch)).toMatchObject([{ kind: 'write', path: file, mode: 0o600 }])
  expect(noAutostartPlan(place)).toEqual([{ kind: 'remove', path: file }])
})

it('loads the service again, also one that was switched off, and unloads it before it is removed', () => {
  const run = (...command: string[]) => ({ kind: 'run', command: ['launchctl', ...command], isNeeded: false })
  const path = `${AGENTS}/${SERVICE}.plist`
  expect(servicePlan(place, launch, 501)).toMatchObject([
    { kind: 'write', path, mode: 0o600 },
    run('bootout', `gui/501/${SERVICE}`),
    run('enable', `gui/501/${SERVICE}`),
    run('bootstrap', 'gui/501', path),
  ])
  expect(noServicePlan(place, 501)).toEqual([run('bootout', `gui/501/${SERVICE}`), { kind: 'remove', path }])
})
