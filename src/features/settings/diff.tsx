// What would change in a file: the changed lines with three of their neighbours on either side.
import { For, type JSX } from 'solid-js'

export function Diff(props: { lines: readonly string[] }): JSX.Element {
  const near = (): string[] => {
    const changed = props.lines.flatMap((line, at) => (line.startsWith(' ') ? [] : [at]))
    const isNear = (at: number): boolean => changed.some((place) => Math.abs(place - at) <= 3)
    return props.lines.flatMap((line, at) => (isNear(at) ? [line] : isNear(at - 1) ? ['⋯'] : []))
  }
  return (
    <pre class="diff" tabIndex={0} aria-label="What would change">
      <For each={near()}>
        {(line) => (
          <div classList={{ diff__added: line.startsWith('+'), diff__removed: line.startsWith('-') }}>
            {line === '' ? ' ' : line}
          </div>
        )}
      </For>
    </pre>
  )
}
