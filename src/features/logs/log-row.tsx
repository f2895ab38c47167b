// One entry of the log: its level in colour, what was searched for marked, a giant one cut until asked for.
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import { visibleText } from '#contract/visible-text'
import type { LogLine } from '../../state/log-state.ts'

const SHOWN_CHARACTERS = 4_000

export function LogRow(props: { line: LogLine; search: string }): JSX.Element {
  const [isWhole, setIsWhole] = createSignal(false)
  const hidden = (): number => (isWhole() ? 0 : Math.max(0, props.line.text.length - SHOWN_CHARACTERS))
  const text = createMemo(() =>
    visibleText(hidden() > 0 ? props.line.text.slice(0, SHOWN_CHARACTERS) : props.line.text),
  )
  const level = (): string => props.line.level ?? ''
  return (
    <div class={`log__line log__line--${level().toLowerCase() || 'plain'}`}>
      <span class="log__level">{level()}</span>
      <Marked text={text().slice(level().length)} word={props.search} />
      <Show when={hidden() > 0}>
        <button type="button" class="button log__more" onClick={() => setIsWhole(true)}>
          Show {hidden()} more characters
        </button>
      </Show>
    </div>
  )
}

function Marked(props: { text: string; word: string }): JSX.Element {
  const parts = createMemo(() => splitAt(props.text, props.word))
  return (
    <For each={parts()}>{(part) => (part.isHit ? <mark>{part.text}</mark> : <span>{part.text}</span>)}</For>
  )
}

/** The text in pieces, those that are the word (whatever its case) marked. */
export function splitAt(text: string, word: string): { text: string; isHit: boolean }[] {
  if (word === '') return [{ text, isHit: false }]
  const lower = text.toLowerCase()
  const wanted = word.toLowerCase()
  // Lower case may be longer than the text (İ): then places do not match, and nothing is marked.
  if (lower.length !== text.length) return [{ text, isHit: false }]
  const parts: { text: string; isHit: boolean }[] = []
  let at = 0
  for (let hit = lower.indexOf(wanted); hit !== -1; hit = lower.indexOf(wanted, at)) {
    if (hit > at) parts.push({ text: text.slice(at, hit), isHit: false })
    parts.push({ text: text.slice(hit, hit + word.length), isHit: true })
    at = hit + word.length
  }
  if (at < text.length) parts.push({ text: text.slice(at), isHit: false })
  return parts
}
