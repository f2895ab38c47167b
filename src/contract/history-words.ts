// What a history record says, for the page and the command line. Pure.
import { METHOD_WORDS } from './ending-words.ts'
import { ACTOR_WORDS, attemptWords, type HistoryRecord, wasWitnessed } from './history.ts'
import { formatBytes, processesOf } from './units.ts'
import { visibleLine } from './visible-text.ts'

/** Returns what happened, in a few words: `became a zombie: orphaned`, `ended by pruning`. */
export function eventWords(record: HistoryRecord): string {
  const { event, state, project, by, how } = record
  const ended = how === 'entry-removed' ? 'removed' : 'ended'
  switch (event) {
    case 'started':
      return [wasWitnessed(record) ? 'started' : 'first seen', ...attemptsOf(record)].join(' ')
    case 'project':
      return `opened ${project ? visibleLine(project.name) : 'a project'}`
    case 'turned-red':
      return `became a zombie: ${state}`
    case 'recovered':
      return `recovered: ${state}`
    case 'ended':
      return by === null ? ended : `${ended} ${ACTOR_WORDS[by]}`
    case 'survived':
      return by === null ? 'could not be ended' : `could not be ended ${ACTOR_WORDS[by]}`
    case 'gone':
      return (record.failure ?? null) === null ? 'exited' : 'crashed at start'
    case 'joined':
      return `${clientOf(record)} joined`
    case 'left':
      return `${clientOf(record)} left`
    case 'slept':
      return 'fell asleep'
    case 'woke':
      return 'woke up'
    case 'crashed':
      return 'crashed'
    case 'restarted':
      return 'was restarted by the hub'
  }
}

const clientOf = ({ owner }: HistoryRecord): string => visibleLine(owner?.name ?? 'a client')

const attemptsOf = ({ attempts }: HistoryRecord): string[] =>
  attempts === undefined ? [] : [attemptWords(attempts)]

/** Returns how it was ended, in one sentence; empty if nothing was ended. */
export function methodWords({ how, processes, freedBytes }: HistoryRecord): string[] {
  if (how === null) return []
  const words = METHOD_WORDS[how]
  const parts = [
    words.slice(0, 1).toUpperCase() + words.slice(1),
    processes ? processesOf(processes) : '',
    freedBytes ? `${formatBytes(freedBytes)} freed` : '',
  ]
  return [`${parts.filter((part) => part !== '').join(', ')}.`]
}
