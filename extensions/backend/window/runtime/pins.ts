// The native runtime: one version, one archive, and the SHA-256 of every program that may be run. Pure.

export const RUNTIME_VERSION = '6.9.0'

export interface RuntimePin {
  /** Address of the archive. */
  url: string
  /** SHA-256 of the whole archive. */
  archiveSha256: string
  /** The program's name inside the archive, and in the cache. */
  name: string
  /** SHA-256 of the program. */
  sha256: string
}

/**
 * Official release assets of neutralinojs/neutralinojs v6.9.0. The archive's digest is the one that the releases API of
 * GitHub publishes for the asset; it and the digests of the programs agree in two projects that pin them independently
 * (bernhard-42/build123d-studio, scripts/neutralino-pin.json of 2026-07-29, and one more); the program for Windows is
 * attested by the first and by the archive.
 */
const ARCHIVE = {
  url: `https://github.com/neutralinojs/neutralinojs/releases/download/v${RUNTIME_VERSION}/neutralinojs-v${RUNTIME_VERSION}.zip`,
  archiveSha256: 'ff33dd68979cffc36e4e7e73d1bab4cbcdf2c036aad72ca32876fde51a32df14',
} as const

const PROGRAMS: Readonly<Record<string, readonly [name: string, sha256: string]>> = {
  'linux-x64': ['neutralino-linux_x64', '47cb0b6e60706f6dff83ed98e198c753580f21f210e3dd87e00719701247fc9d'],
  'linux-arm64': [
    'neutralino-linux_arm64',
    'e5dfc6a2b2eeb1e7011e3bb987a1e85d5331ec87eadc04d57beb5b02dcc92b67',
  ],
  'darwin-x64': ['neutralino-mac_x64', '02616220c49f0e7063145d1d606a27f12d2b7951e23efdd077e5300947481099'],
  'darwin-arm64': [
    'neutralino-mac_arm64',
    'ef5e8cfd96df35d811d47a127f5be54db50114f1f6b5c075218ca78a07e7a66f',
  ],
  'win32-x64': ['neutralino-win_x64.exe', '0eecd0c7f6c955b441e586def6e89c27c295f144d6d9061dd358c3f3907ff3b3'],
}
/** Programs without a published digest: used from the cache, never downloaded. */
const UNPINNED: Readonly<Record<string, string>> = { 'linux-arm': 'neutralino-linux_armhf' }

/** Returns the pinned runtime of a platform (`linux-x64`, Windows on ARM runs the x64 one); null: none is pinned for it. */
export function runtimePin(platform: NodeJS.Platform, arch: string): RuntimePin | null {
  const key = platform === 'win32' && arch === 'arm64' ? 'win32-x64' : `${platform}-${arch}`
  const program = Object.hasOwn(PROGRAMS, key) ? PROGRAMS[key] : undefined
  return program ? { ...ARCHIVE, name: program[0], sha256: program[1] } : null
}

/** Returns the name of the program in the cache; null: there is no runtime for this platform. */
export function runtimeName(platform: NodeJS.Platform, arch: string): string | null {
  return runtimePin(platform, arch)?.name ?? UNPINNED[`${platform}-${arch}`] ?? null
}
