// One line of a log, with its level in color, and tool names and search matches highlighted. Very long lines are collapsed.
import { createMemo, createSignal, For, type JSX, Match, Show, Switch } from 'solid-js'
import { visibleText } from '#contract/visible-text'
import type { LogLine } from '../../state/log-state.ts'
import { type LineHead, splitHead } from './split-head.ts'
import { type LogPart, splitLine } from './split-line.ts'

const SHOWN_CHARACTERS = 4_000

export function LogRow(props: {
  line: LogLine
  search: string
  toolNames: ReadonlySet<string>
}): JSX.Element {
  const [isWhole, setIsWhole] = createSignal(false)
  const hidden = (): number => (isWhole() ? 0 : Math.max(0, props.line.text.length - SHOWN_CHARACTERS))
  const text = createMemo(() =>
    visibleText(hidden() > 0 ? props.line.text.slice(0, SHOWN_CHARACTERS) : props.line.text),
  )
  const level = (): string => props.line.level ?? ''
  return (
    <div class={`log__line log__line--${level().toLowerCase() || 'plain'}`}>
      <Show when={props.line.source}>{(source) => <span class="log__source">{source()} </span>}</Show>
      <span class="log__level">{level()}</span>
      <Words {...props} head={splitHead(text().slice(level().length))} />
      <Show when={hidden() > 0}>
        <button type="button" class="button log__more" onClick={() => setIsWhole(true)}>
          Show {hidden()} more characters
        </button>
      </Show>
    </div>
  )
}

function Words(props: { head: LineHead; search: string; toolNames: ReadonlySet<string> }): JSX.Element {
  const parts = (text: string): JSX.Element => (
    <For each={splitLine(text, props.search, props.toolNames)}>{(part) => <Part part={part} />}</For>
  )
  return (
    <>
      <span class="log__head">
        <For each={props.head.parts}>
          {({ text, isFine }) => <span classList={{ log__fine: isFine }}>{parts(text)}</span>}
        </For>
      </span>
      {parts(props.head.message)}
    </>
  )
}

function Part(props: { part: LogPart }): JSX.Element {
  return (
    <Switch fallback={<span>{props.part.text}</span>}>
      <Match when={props.part.kind === 'match'}>
        <mark>{props.part.text}</mark>
      </Match>
      <Match when={props.part.kind === 'tool'}>
        <span class="log__tool">{props.part.text}</span>
      </Match>
    </Switch>
  )
}
