// Whether Serena opens its own page in the browser each time it starts: asked while nobody has chosen, a checkbox from then on.
import { type JSX, Show } from 'solid-js'
import type { Instance } from '#contract/instance'
import { type Action, createAction } from '../../state/action.ts'
import { Failure } from '../failure.tsx'
import { usePage } from '../page-context.ts'
import './news.css'

function createChoice(instance: () => Instance): { action: Action; set: (isOn: boolean) => void } {
  const page = usePage()
  const action = createAction()
  const set = (isOn: boolean): void => {
    const params = { id: instance().id }
    void action
      .run(() => page.backend.call('setOpensOnLaunch', { params, body: { isOn } }))
      .then((isDone) => {
        if (isDone)
          page.changed(isOn ? 'Serena opens its page at each start.' : 'Serena opens no page any more.')
      })
  }
  return { action, set }
}

/** The question, above the sections. */
export function Welcome(props: { instance: Instance }): JSX.Element {
  const { action, set } = createChoice(() => props.instance)
  return (
    <section class="news" aria-label="Opening at each start">
      <div class="news__item">
        <p class="news__text">
          Serena can open its own page in the browser whenever it starts. Nobody has chosen yet, so it does.
          With Serena Deck open you need it no more.
        </p>
        <button type="button" class="button" disabled={action.isBusy()} onClick={() => set(false)}>
          Never open it by itself
        </button>
        <button type="button" class="button" disabled={action.isBusy()} onClick={() => set(true)}>
          Open it at each start
        </button>
      </div>
      <Failure error={action.error()} />
    </section>
  )
}

export function OpensOnLaunch(props: { instance: Instance; isOn: boolean }): JSX.Element {
  const { action, set } = createChoice(() => props.instance)
  return (
    <>
      <label class="checked">
        <input
          type="checkbox"
          checked={props.isOn}
          disabled={action.isBusy()}
          onChange={(event) => set(event.currentTarget.checked)}
        />
        This one opens its own page when it starts
      </label>
      <p class="muted">
        Set in serena_config.yml for all; <code class="mono">--open-web-dashboard</code> in a start command
        overrules it.
      </p>
      <Show when={action.error()}>{(error) => <Failure error={error()} />}</Show>
    </>
  )
}
