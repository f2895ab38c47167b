// A runtime that the disk does not take: read-only and full ones, mounted for a child of the test only.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'

const fixture = fileURLToPath(new URL('./fetch-runtime.fixture.ts', import.meta.url))
const MOUNT = 'mount -t tmpfs -o "$1" none "$2" && exec "$3" --import tsx "$4" "$2"'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'serena-deck-disk-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0

/** What became of it on a disk with these options, and the names that it left. */
function fetchOn(options: string): [string, string[]] {
  const args = ['-rm', 'sh', '-c', MOUNT, 'sh', options, folder, process.execPath, fixture]
  const output = execFileSync('unshare', args, { encoding: 'utf8', timeout: 60_000 })
  const [message = '', names = ''] = output.split('\n')
  return [message, JSON.parse(names) as string[]]
}

it.skipIf(!canMount)('downloads to a disk of its own', { timeout: 60_000 }, () => {
  // No archive, so the checksum fits and the program is missing: it came that far.
  expect(fetchOn('size=8m')).toEqual([
    'The downloaded window runtime has a wrong checksum and was discarded.',
    [],
  ])
})

it.skipIf(!canMount)('reports a read-only disk', { timeout: 60_000 }, () => {
  const path = join(folder, 'serena-deck', 'neutralino', '6.9.0')
  expect(fetchOn('ro')).toEqual([`Cannot store the window runtime in ${path}: the disk is read-only.`, []])
})

it.skipIf(!canMount)('reports a full disk, and leaves only what can be resumed', { timeout: 60_000 }, () => {
  const [message, names] = fetchOn('size=256k')
  expect(message).toMatch(/: the disk is full\.$/)
  expect(names.filter((name) => !name.endsWith('.zip.part'))).toEqual([])
})
