// The metrics of the deck in the text format of Prometheus. Pure.
import { type InstanceList, STATES } from '#contract/instance'

/** Counts by state, memory of all trees, and counters of the event stream. */
export function renderMetrics(
  { instances, sweptAt }: InstanceList,
  { readers, dropped }: { readers: number; dropped: number },
): string {
  const memory = instances.reduce((sum, { memoryBytes }) => sum + (memoryBytes ?? 0), 0)
  const lines = [
    ...family('serena_deck_instances', 'gauge', 'Serena instances by state.'),
    ...STATES.map((state) => {
      const count = instances.filter((instance) => instance.state === state).length
      return `serena_deck_instances{state="${state}"} ${count}`
    }),
    ...family('serena_deck_memory_bytes', 'gauge', 'Memory of the process trees of all instances, in bytes.'),
    `serena_deck_memory_bytes ${memory}`,
    ...family(
      'serena_deck_swept_timestamp_seconds',
      'gauge',
      'Time of the last sweep, in seconds since the epoch.',
    ),
    `serena_deck_swept_timestamp_seconds ${Date.parse(sweptAt) / 1000}`,
    ...family('serena_deck_stream_readers', 'gauge', 'Connected readers of the event stream.'),
    `serena_deck_stream_readers ${readers}`,
    ...family('serena_deck_stream_dropped_total', 'counter', 'Readers dropped because they did not read.'),
    `serena_deck_stream_dropped_total ${dropped}`,
  ]
  return `${lines.join('\n')}\n`
}

const family = (name: string, type: string, help: string): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
]
