// The changed lines of a file with three lines of context.
import { For, type JSX } from 'solid-js'

const CONTEXT_LINES = 3

export function Diff(props: { lines: readonly string[] }): JSX.Element {
  const shown = (): string[] => {
    const changed = props.lines.flatMap((line, at) => (line.startsWith(' ') ? [] : [at]))
    const isNear = (at: number): boolean => changed.some((place) => Math.abs(place - at) <= CONTEXT_LINES)
    return props.lines.flatMap((line, at) => (isNear(at) ? [line] : isNear(at - 1) ? ['⋯'] : []))
  }
  return (
    <pre class="diff" tabIndex={0} aria-label="Changes">
      <For each={shown()}>
        {(line) => (
          <div classList={{ diff__added: line.startsWith('+'), diff__removed: line.startsWith('-') }}>
            {line === '' ? ' ' : line}
          </div>
        )}
      </For>
    </pre>
  )
}
