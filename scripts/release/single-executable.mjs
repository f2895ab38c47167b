// Combines Node and our bundle into one program (Node.js, "Single executable applications").
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandOf, StepError } from '../steps.mjs'

const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

function must(file, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(file, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new StepError(`${file} failed: ${error?.message ?? stderr ?? stdout}`)
}

/** Returns why this Node cannot include our bundle; null: it can. */
export function whyNoSingleExecutable() {
  if (readFileSync(process.execPath).includes(FUSE)) return null
  return `This Node (${process.execPath}) is linked to a shared library, as some distributions build it. Use a Node from nodejs.org.`
}

/**
 * Writes the program to `target`; `scratch` holds intermediate files. It has the requirements of this Node: same platform, same
 * libraries.
 */
export function makeSingleExecutable(bundle, target, scratch) {
  const blob = join(scratch, 'single.blob')
  copyFileSync(bundle, join(scratch, 'serena-deck.cjs'))
  // The blob holds the name of its main file: a whole path would differ from run to run, as would a code cache.
  const options = {
    main: 'serena-deck.cjs',
    output: 'single.blob',
    disableExperimentalSEAWarning: true,
    useCodeCache: false,
  }
  writeFileSync(join(scratch, 'single.json'), JSON.stringify(options))
  must(process.execPath, ['--experimental-sea-config', 'single.json'], scratch)
  copyFileSync(realpathSync(process.execPath), target)
  chmodSync(target, 0o755)
  const isMac = process.platform === 'darwin'
  // The signature of the copied Node would be invalid.
  if (isMac) must('codesign', ['--remove-signature', target])
  must(process.execPath, [
    commandOf('postject', 'postject'),
    target,
    'NODE_SEA_BLOB',
    blob,
    '--sentinel-fuse',
    FUSE,
    ...(isMac ? ['--macho-segment-name', 'NODE_SEA'] : []),
  ])
  if (isMac) must('codesign', ['--sign', '-', target])
}
