// A lock as Python's filelock.SoftFileLock makes one: a file with two lines, pid and host. A signed lock is broken only on proof
// that its holder has exited, never because it is old.
import { linkSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '#contract/errors'
import { codeOf } from '../../lib/error-code.ts'
import { readRegularFile } from './read-file.ts'
import { notWritten } from './write-failure.ts'
import { partOf } from './write-file.ts'

const MAX_BYTES = 4_096
const BUDGET_MS = 2_500
/** A program that made a lock and did not sign it by then was killed in between; filelock 4 has the same rule. */
const UNSIGNED_MS = 2_000
/** Between two tries; grows, and has a random part so that waiting programs do not collide. */
const FIRST_WAIT_MS = 1
const LAST_WAIT_MS = 25
/** Proof costs a list of all processes: only for a lock that stays. */
const PROVE_AFTER_MS = 100

export interface LockOptions {
  /** Whether the process that wrote the lock at that time has certainly exited. */
  hasExited: (pid: number, lockedAtMs: number) => Promise<boolean>
  budgetMs?: number
}

interface Holder {
  pid: number | null
  host: string | null
  /** Its two lines are not there (yet). */
  isUnsigned: boolean
  stamp: string
  lockedAtMs: number
}

/**
 * Does the work while `file` is locked by `<file>.lock`. AppError `file-locked` when another holds it for longer than the budget
 * (2.5 s), `not-written` when no lock can be made there.
 */
export async function withFileLock<Result>(
  file: string,
  { hasExited, budgetMs = BUDGET_MS }: LockOptions,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  const lock = `${file}.lock`
  await take(lock, file, hasExited, budgetMs)
  try {
    return await work()
  } finally {
    release(lock)
  }
}

async function take(
  lock: string,
  file: string,
  hasExited: LockOptions['hasExited'],
  budgetMs: number,
): Promise<void> {
  const beganMs = performance.now()
  for (let waitMs = FIRST_WAIT_MS; !tryLock(lock); waitMs = Math.min(waitMs * 2, LAST_WAIT_MS)) {
    const waitedMs = performance.now() - beganMs
    if (waitedMs > PROVE_AFTER_MS && (await breakIfDead(lock, hasExited))) continue
    if (waitedMs > budgetMs) throw new AppError('file-locked', { file, lock, holder: nameOf(holderOf(lock)) })
    await sleep(waitMs * (0.5 + Math.random()))
  }
}

const nameOf = (holder: Holder | null): string =>
  holder?.pid == null ? 'an unknown program' : `process ${holder.pid}`

/** True: the lock may be free now. */
async function breakIfDead(lock: string, hasExited: LockOptions['hasExited']): Promise<boolean> {
  const holder = holderOf(lock)
  if (holder === null) return true
  if (!(await isDead(holder, hasExited))) return false
  // Two programs that see the same exited holder must not break the lock one after the other: the second would break a new lock.
  const breaker = `${lock}.breaker`
  if (!tryLock(breaker)) return clearBreaker(breaker, hasExited)
  try {
    if (holderOf(lock)?.stamp === holder.stamp) unlinkSync(lock)
    return true
  } finally {
    release(breaker)
  }
}

async function isDead(holder: Holder, hasExited: LockOptions['hasExited']): Promise<boolean> {
  if (holder.isUnsigned) return Date.now() - holder.lockedAtMs > UNSIGNED_MS
  // Another machine's processes cannot be seen from here.
  if (holder.pid === null || holder.host !== hostname()) return false
  return hasExited(holder.pid, holder.lockedAtMs)
}

/** Removes the breaker of a program that was killed while it broke a lock. */
async function clearBreaker(breaker: string, hasExited: LockOptions['hasExited']): Promise<false> {
  const holder = holderOf(breaker)
  if (holder && (await isDead(holder, hasExited)) && holderOf(breaker)?.stamp === holder.stamp)
    unlinkSync(breaker)
  return false
}

/** The lock appears whole, with its two lines: no program can exit between making and signing it. */
function tryLock(lock: string): boolean {
  const part = partOf(lock)
  try {
    writeFileSync(part, `${process.pid}\n${hostname()}\n`, { flag: 'wx', mode: 0o600 })
    linkOrCopy(part, lock)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw notWritten(lock, error)
  } finally {
    rmSync(part, { force: true })
  }
}

/** Some file systems have no hard links: there the lock is made and signed in two steps. */
function linkOrCopy(part: string, lock: string): void {
  try {
    linkSync(part, lock)
  } catch (error) {
    if (!/^(EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS)$/.test(codeOf(error))) throw error
    writeFileSync(lock, readFileSync(part), { flag: 'wx', mode: 0o600 })
  }
}

/** The holder of a lock; null: there is no lock (any more). */
function holderOf(lock: string): Holder | null {
  const read = readRegularFile(lock, MAX_BYTES)
  if (read.kind === 'missing') return null
  if (read.kind !== 'text') return { pid: null, host: null, isUnsigned: false, stamp: '', lockedAtMs: 0 }
  const { text, stamp, modifiedAtMs: lockedAtMs } = read
  const [pid = '', host = null] = text.split('\n')
  const isPid = /^[1-9]\d{0,9}$/.test(pid)
  return { pid: isPid ? Number(pid) : null, host, isUnsigned: !isPid || !host, stamp, lockedAtMs }
}

function release(lock: string): void {
  if (holderOf(lock)?.pid !== process.pid) return
  try {
    unlinkSync(lock)
  } catch {
    // Another program removed it just now: then it is released.
  }
}
