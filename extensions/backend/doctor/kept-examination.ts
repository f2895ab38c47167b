// The last examination of the doctor, kept for some minutes: it reads many files.
import type { Doctor, Examination } from './doctor.ts'

/** The count of the header is not renewed more often. */
const KEPT_MS = 600_000

export interface DatedExamination {
  examination: Promise<Examination>
  /** Its start. */
  atMs: number
}

export interface KeptExamination {
  /** `isFresh`: reads all files again. */
  get(isFresh: boolean): DatedExamination
  forget(): void
}

/** Creates a memory without an examination. */
export function createKeptExamination(doctor: Pick<Doctor, 'report'>, nowMs: () => number): KeptExamination {
  let kept: DatedExamination | null = null
  return {
    get(isFresh) {
      if (kept !== null && !isFresh && nowMs() - kept.atMs < KEPT_MS) return kept
      const next = { examination: doctor.report(), atMs: nowMs() }
      kept = next
      // A failed examination is not kept.
      next.examination.catch(() => {
        if (kept === next) kept = null
      })
      return next
    },
    forget() {
      kept = null
    },
  }
}
