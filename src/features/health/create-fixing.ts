// The state of the fix dialog: the preview, the chosen files, and what was changed.
import { type Accessor, createSignal, onMount } from 'solid-js'
import type { FixFile, FixPreview } from '#contract/health'
import { countOf } from '#contract/units'
import { type Action, createAction } from '../../state/action.ts'
import { usePage } from '../../state/page-context.ts'

export interface Fixing {
  action: Action
  /** Null: not loaded yet. */
  preview: Accessor<FixPreview | null>
  isChosen(file: string): boolean
  toggle(file: string): void
  /** The chosen files that can be changed. */
  pending: Accessor<readonly FixFile[]>
  isDone: Accessor<boolean>
  fix(): void
}

/** Loads the preview when mounted. */
export function createFixing(ids: readonly string[], onDone: () => void): Fixing {
  const page = usePage()
  const action = createAction()
  const [preview, setPreview] = createSignal<FixPreview | null>(null)
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set())
  const [isDone, setIsDone] = createSignal(false)
  const pending = (): readonly FixFile[] =>
    isDone()
      ? []
      : (preview()?.files ?? []).filter(({ file, problem }) => problem === null && chosen().has(file))

  async function load(): Promise<void> {
    const answer = await page.backend.call('previewFix', { body: { ids: [...ids] } })
    setPreview(answer)
    // A file in a project's folder may be under version control.
    setChosen(new Set(answer.files.filter((one) => !one.isInProject).map(({ file }) => file)))
  }
  onMount(() => void action.run(load))
  return {
    action,
    preview,
    isChosen: (file) => chosen().has(file),
    toggle(file) {
      const next = new Set(chosen())
      if (!next.delete(file)) next.add(file)
      setChosen(next)
    },
    pending,
    isDone,
    fix() {
      void action.run(async () => {
        const files = pending().map(({ file, etag, hash }) => ({ file, etag, hash }))
        await page.backend.call('applyFix', { body: { ids: [...ids], files } })
        page.changed(`Changed ${countOf(files.length, 'file')}. Backups of the old files are kept.`)
        setIsDone(true)
        onDone()
      })
    },
  }
}
