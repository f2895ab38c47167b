// A text field with YAML highlighting: the colored text is a layer behind the field, and the text of the field is transparent.
import { createMemo, For, Index, type JSX, Show } from 'solid-js'
import { yamlLines, yamlTokens } from './yaml-tokens.ts'
import './yaml-editor.css'

/** Longer text is not highlighted, because typing would be slow. */
const MAX_CHARACTERS = 200_000

export function YamlEditor(props: {
  label: string
  text: string
  onText: (text: string) => void
  fieldRef?: (field: HTMLTextAreaElement) => void
}): JSX.Element {
  const isHighlighted = (): boolean => props.text.length <= MAX_CHARACTERS
  // One string per line, so that unchanged lines are not rendered again.
  const lines = createMemo(() =>
    isHighlighted() ? yamlLines(props.text).map(({ text, isBlock }) => `${isBlock ? 'b' : 'l'}${text}`) : [],
  )
  return (
    <div class="yaml" classList={{ 'yaml--plain': !isHighlighted() }}>
      <div class="yaml__layers">
        <Show when={isHighlighted()}>
          <pre class="yaml__highlight" aria-hidden="true">
            <Index each={lines()}>{(line) => <Line line={line()} />}</Index>
          </pre>
        </Show>
        <textarea
          class="yaml__field"
          ref={(element) => props.fieldRef?.(element)}
          aria-label={props.label}
          spellcheck={false}
          autocomplete="off"
          wrap="off"
          value={props.text}
          onInput={(event) => props.onText(event.currentTarget.value)}
        />
      </div>
    </div>
  )
}

function Line(props: { line: string }): JSX.Element {
  const tokens = createMemo(() =>
    yamlTokens({ text: props.line.slice(1), isBlock: props.line.startsWith('b') }),
  )
  return (
    <div class="yaml__line">
      <For each={tokens()}>{(token) => <span class={`yaml__${token.kind}`}>{token.text}</span>}</For>
    </div>
  )
}
