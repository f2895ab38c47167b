// The pins: whole, and of one version.
import { expect, it } from 'vitest'
import { RUNTIME_VERSION, runtimeName, runtimePin } from './pins.ts'

const platforms = [
  ['linux', 'x64', 'neutralino-linux_x64'],
  ['linux', 'arm64', 'neutralino-linux_arm64'],
  ['darwin', 'x64', 'neutralino-mac_x64'],
  ['darwin', 'arm64', 'neutralino-mac_arm64'],
  ['win32', 'x64', 'neutralino-win_x64.exe'],
  ['win32', 'arm64', 'neutralino-win_x64.exe'],
] as const

it.each(platforms)('%s %s has %s', (platform, arch, name) => {
  const pin = runtimePin(platform, arch)
  expect(pin).toMatchObject({
    name,
    url: `https://github.com/neutralinojs/neutralinojs/releases/download/v${RUNTIME_VERSION}/neutralinojs-v${RUNTIME_VERSION}.zip`,
    archiveSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  })
  expect(runtimeName(platform, arch)).toBe(name)
})

it('no two programs share a digest', () => {
  const digests = platforms.map(([platform, arch]) => runtimePin(platform, arch)?.sha256)
  expect(new Set(digests).size).toBe(5)
})

it('pins nothing without a published digest, and returns null for unknown platforms', () => {
  expect([runtimePin('linux', 'arm'), runtimeName('linux', 'arm')]).toEqual([null, 'neutralino-linux_armhf'])
  for (const [platform, arch] of [
    ['linux', 'riscv64'],
    ['freebsd', 'x64'],
    ['linux', 'constructor'],
  ] as const)
    expect([runtimePin(platform, arch), runtimeName(platform, arch)]).toEqual([null, null])
})
