// Our own folder, accessible to this user only.
import { AppError } from '#contract/errors'
import { makePrivate } from './private-folder.ts'

/**
 * Makes the state folder private to this user (0700). AppError `state-folder-unsafe` if it is another user's or a link,
 * `state-folder-unusable` if it cannot be made or written to.
 */
export function secureFolder(folder: string): void {
  let issue: string | null
  try {
    issue = makePrivate(folder)
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'not-written') throw cause
    const why = cause.data['issue'] ?? 'unknown'
    throw new AppError('state-folder-unusable', { path: folder, issue: why }, { cause })
  }
  if (issue !== null) throw new AppError('state-folder-unsafe', { path: folder, issue })
}
