import type { ProcessDetails } from './process-facts.ts'

/** Of a process of which nothing can be read, on a platform without pid namespaces. */
export const NO_DETAILS: ProcessDetails = {
  cwd: null,
  environment: null,
  tracerPid: null,
  isFrozen: null,
  isForeignNamespace: false,
  openLogFiles: null,
}
