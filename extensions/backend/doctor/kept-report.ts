// The last report of the doctor, kept for some minutes: it reads many files. What it was found in is not kept: configurations may be large.
import type { DoctorReport } from '#contract/doctor'
import type { Examination } from './doctor.ts'

/** The count of the header is not renewed more often. */
const KEPT_MS = 600_000

export interface KeptReport {
  report: DoctorReport
  /** Found, but ignored by the user. */
  ignored: readonly { id: string; title: string; reason: string }[]
  /** The files that were read. */
  files: readonly string[]
  /** Start of the examination. */
  atMs: number
}

export interface ReportMemory {
  /** Reads all files again, and keeps the report. */
  examine(): Promise<Examination>
  /** `isFresh`: reads all files again. */
  get(isFresh: boolean): Promise<KeptReport>
  forget(): void
}

/** Creates a memory without a report. */
export function createReportMemory(examine: () => Promise<Examination>, nowMs: () => number): ReportMemory {
  let kept: { report: Promise<KeptReport>; atMs: number } | null = null

  function keep(examination: Promise<Examination>): Promise<KeptReport> {
    const atMs = nowMs()
    const next = { report: examination.then((done) => keptOf(done, atMs)), atMs }
    kept = next
    // A failed examination is not kept.
    next.report.catch(() => {
      if (kept === next) kept = null
    })
    return next.report
  }

  return {
    examine() {
      const examination = examine()
      void keep(examination)
      return examination
    },
    get(isFresh) {
      if (kept !== null && !isFresh && nowMs() - kept.atMs < KEPT_MS) return kept.report
      return keep(examine())
    },
    forget() {
      kept = null
    },
  }
}

const keptOf = ({ report, ignored, configs }: Examination, atMs: number): KeptReport => ({
  report,
  ignored: ignored.map(({ diagnosis: { id, title }, reason }) => ({ id, title, reason })),
  files: configs.files.map(({ file }) => file),
  atMs,
})
