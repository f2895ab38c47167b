// A finding of the doctor with the changes that fix it. Rules are pure: facts -> diagnoses.
import type { Finding } from '#contract/doctor'
import type { ConfigChange } from '../clients/configs/config-change.ts'
import type { ConfigFormat } from '../clients/configs/config-entry.ts'

/** All changes of one fix to one file. */
export interface FileFix {
  file: string
  format: ConfigFormat
  changes: readonly ConfigChange[]
}

export interface Diagnosis extends Finding {
  /** The kind of fault: `registered-twice`, the first part of the id. */
  kind: string
  /** Empty: it cannot be fixed by changing files. */
  changes: readonly FileFix[]
}
