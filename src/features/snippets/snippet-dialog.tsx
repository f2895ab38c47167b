// The start command of an instance as an entry for the configuration of a client, to copy.
import { createSignal, For, type JSX, onMount, Show, untrack } from 'solid-js'
import type { RouteAnswer } from '#contract/routes'
import { visibleLine, visibleText } from '#contract/visible-text'
import { createAction } from '../../state/action.ts'
import { usePage } from '../../state/page-context.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import './snippet-dialog.css'

type Snippets = RouteAnswer<'launch'>['snippets']

export function SnippetDialog(props: {
  instanceId: string
  instanceTitle: string
  /** The client that is selected first, by its display name; null: the first one. */
  client: string | null
  onClose: () => void
}): JSX.Element {
  const page = usePage()
  const action = createAction()
  const [snippets, setSnippets] = createSignal<Snippets>([])
  const [client, setClient] = createSignal(untrack(() => props.client))
  const shown = () => snippets().find((one) => one.client === client()) ?? snippets()[0]
  const params = { id: untrack(() => props.instanceId) }
  onMount(
    () => void action.run(async () => setSnippets((await page.backend.call('launch', { params })).snippets)),
  )
  return (
    <Dialog
      title={`MCP configuration of ${visibleLine(props.instanceTitle)}`}
      onClose={() => props.onClose()}
      footer={
        <>
          <button type="button" class="button" onClick={() => props.onClose()}>
            Close
          </button>
          <button
            type="button"
            class="button button--primary"
            disabled={shown() === undefined}
            onClick={() => page.copy(shown()?.text ?? '', `the configuration for ${shown()?.client ?? ''}`)}
          >
            Copy
          </button>
        </>
      }
    >
      <ErrorNote error={action.error()} />
      <Show when={shown()}>
        {(one) => (
          <div class="snippet">
            <label class="snippet__client">
              Client
              <select
                class="input"
                value={one().client}
                onChange={(event) => setClient(event.currentTarget.value)}
              >
                <For each={snippets()}>{(row) => <option value={row.client}>{row.client}</option>}</For>
              </select>
            </label>
            <p class="muted">{one().file}. Secrets in the command are masked.</p>
            <pre class="mono snippet__text" tabIndex={0} aria-label="Configuration">
              {visibleText(one().text)}
            </pre>
          </div>
        )}
      </Show>
    </Dialog>
  )
}
