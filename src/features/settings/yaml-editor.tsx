// A text field with coloured YAML: the letters that are seen lie behind the field, whose own ones are transparent.
import { createMemo, For, Index, type JSX, Show } from 'solid-js'
import { yamlLines, yamlTokens } from './yaml-tokens.ts'
import './yaml-editor.css'

/** A longer text is edited without colours: each letter typed would wait for them. */
const MOST_CHARACTERS = 200_000

export function YamlEditor(props: {
  label: string
  text: string
  onText: (text: string) => void
  fieldRef?: (field: HTMLTextAreaElement) => void
}): JSX.Element {
  const isColoured = (): boolean => props.text.length <= MOST_CHARACTERS
  // One text per line, so that a line that stays as it is is not drawn again.
  const lines = createMemo(() =>
    isColoured() ? yamlLines(props.text).map(({ text, isBlock }) => `${isBlock ? 'b' : 'l'}${text}`) : [],
  )
  return (
    <div class="yaml" classList={{ 'yaml--plain': !isColoured() }}>
      <div class="yaml__sheet">
        <Show when={isColoured()}>
          <pre class="yaml__seen" aria-hidden="true">
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
