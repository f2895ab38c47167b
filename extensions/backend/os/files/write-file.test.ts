// Whatever call fails, and however often, the file is old or new, and nothing is left lying about.
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { removeStaleParts, type WriteSystem, writeFileWhole } from './write-file.ts'

let folder = ''
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'deck-write-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))
const file = () => join(folder, 'a.json')
const names = () => fs.readdirSync(folder).sort()

/** A system whose call number `nth` (and all later ones when `isLasting`) fails. */
function failing(nth: number, { isLasting = false } = {}): { system: WriteSystem; calls: () => number } {
  let calls = 0
  const fails = (): boolean => {
    calls += 1
    return calls === nth || (isLasting && calls > nth)
  }
  const wrap = <Args extends unknown[], Result>(call: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      if (fails()) throw Object.assign(new Error('EIO'), { code: 'EIO' })
      return call(...args)
    }
  }
  const system = {
    openSync: wrap(fs.openSync),
    // At most seven bytes at a time: a write may be short.
    writeSync: wrap((fd: number, bytes: Buffer, at: number, length: number) =>
      fs.writeSync(fd, bytes, at, Math.min(length, 7)),
    ) as WriteSystem['writeSync'],
    fsyncSync: wrap(fs.fsyncSync),
    closeSync: wrap((fd: number) => fs.closeSync(fd)),
    renameSync: wrap(fs.renameSync),
    unlinkSync: wrap(fs.unlinkSync),
    readdirSync: fs.readdirSync,
  }
  return { system, calls: () => calls }
}

describe('the Nth call fails', () => {
  it('for each N until it succeeds', () => {
    let nth = 1
    for (; nth < 50; nth++) {
      fs.writeFileSync(file(), 'old')
      const { system, calls } = failing(nth)
      let isWritten = true
      try {
        writeFileWhole(file(), 'new text of some length', { system })
      } catch (error) {
        expect(error).toMatchObject({
          code: 'not-written',
          message: expect.stringContaining('EIO') as string,
        })
        isWritten = false
      }
      expect(fs.readFileSync(file(), 'utf8')).toBe(isWritten ? 'new text of some length' : 'old')
      expect(names()).toEqual(['a.json'])
      if (isWritten && calls() < nth) break
    }
    // Opening, four writes, flushing, closing, renaming: each of them failed once.
    expect(nth).toBe(9)
  })

  it('and everything after it: the part is removed by the next write, unless its writer is running', () => {
    fs.writeFileSync(file(), 'old')
    const { system } = failing(3, { isLasting: true })
    expect(() => writeFileWhole(file(), 'new', { system })).toThrowError(/Cannot write/)
    const [left = ''] = names()
    expect(left).toMatch(/^\.a\.json\.\d+\.[0-9a-f]{12}\.part$/)
    removeStaleParts(folder)
    expect(names()).toEqual([left, 'a.json'])
    fs.renameSync(join(folder, left), join(folder, left.replace(`.${process.pid}.`, '.2147483646.')))
    fs.writeFileSync(join(folder, '.of-another.part'), '')
    removeStaleParts(folder)
    expect(names()).toEqual(['.of-another.part', 'a.json'])
    expect(fs.readFileSync(file(), 'utf8')).toBe('old')
  })
})

describe('a file', () => {
  it.each([0o000, 0o077])('has the given mode, or less under umask %o', (mask) => {
    const before = process.umask(mask)
    try {
      writeFileWhole(file(), 'x')
    } finally {
      process.umask(before)
    }
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600)
  })

  it('is replaced, never written through: a link, a hard link', () => {
    const victim = join(folder, 'victim')
    fs.writeFileSync(victim, 'precious')
    fs.symlinkSync(victim, file())
    writeFileWhole(file(), 'new')
    expect(fs.readFileSync(victim, 'utf8')).toBe('precious')
    fs.rmSync(file())
    fs.linkSync(victim, file())
    writeFileWhole(file(), 'new')
    expect([fs.readFileSync(victim, 'utf8'), fs.readFileSync(file(), 'utf8')]).toEqual(['precious', 'new'])
  })

  it.each(['victim', 'nowhere'])('is not written through a link to %s at its temporary name', (name) => {
    const target = join(folder, name)
    fs.writeFileSync(join(folder, 'victim'), 'precious')
    fs.writeFileSync(file(), 'old')
    const openSync: WriteSystem['openSync'] = (part, ...rest) => {
      // A process that guessed the name.
      fs.symlinkSync(target, part)
      return fs.openSync(part, ...rest)
    }
    expect(() => writeFileWhole(file(), 'new', { system: { ...fs, openSync } })).toThrowError(
      /a file with this name exists/,
    )
    expect([fs.readFileSync(file(), 'utf8'), fs.readFileSync(join(folder, 'victim'), 'utf8')]).toEqual([
      'old',
      'precious',
    ])
    expect(fs.existsSync(join(folder, 'nowhere'))).toBe(false)
  })

  it('cannot be where a folder is, or in a folder that is not there', () => {
    fs.mkdirSync(file())
    expect(() => writeFileWhole(file(), 'x')).toThrowError(/Cannot write/)
    expect(() => writeFileWhole(join(folder, 'no', 'b.json'), 'x')).toThrowError(/its folder does not exist/)
    expect(names()).toEqual(['a.json'])
  })
})
