// The state of the share dialog: the preview, the chosen files, and what was changed.
import { type Accessor, createSignal, onMount } from 'solid-js'
import type { ShareFile } from '#contract/share'
import { type Action, createAction } from '../../state/action.ts'
import { usePage } from '../../state/page-context.ts'
import { shortPath } from '../../state/short-path.ts'

export interface Sharing {
  action: Action
  /** Null: not loaded yet. */
  files: Accessor<readonly ShareFile[] | null>
  isChosen(file: string): boolean
  toggle(file: string): void
  /** How many of the chosen files are still to be changed. */
  pending: Accessor<number>
  /** True for a file that this dialog has changed. */
  isDone(file: string): boolean
  share(): void
  undo(file: string): void
}

/** Loads the preview when mounted. */
export function createSharing(instanceId: string): Sharing {
  const page = usePage()
  const action = createAction()
  const [files, setFiles] = createSignal<readonly ShareFile[] | null>(null)
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set())
  const [done, setDone] = createSignal<ReadonlySet<string>>(new Set())
  const params = { id: instanceId }
  const pending = (): ShareFile[] =>
    (files() ?? []).filter(({ file, problem }) => problem === null && chosen().has(file) && !done().has(file))

  async function load(): Promise<void> {
    const answer = await page.backend.call('previewShare', { params, body: {} })
    setFiles(answer.files)
    // A file in the project's folder may be under version control, and would name a path of this machine.
    setChosen(new Set(answer.files.filter((one) => !one.isInProject).map(({ file }) => file)))
  }
  onMount(() => void action.run(load))

  return {
    action,
    files,
    isChosen: (file) => chosen().has(file),
    toggle(file) {
      const next = new Set(chosen())
      if (!next.delete(file)) next.add(file)
      setChosen(next)
    },
    pending: () => pending().length,
    isDone: (file) => done().has(file),
    share() {
      void action.run(async () => {
        for (const { file, etag, hash } of pending()) {
          await page.backend.call('shareProject', { params, body: { file, etag, hash } })
          setDone((before) => new Set(before).add(file))
          page.changed(`Changed ${shortPath(file)}. A backup of the old file is kept.`)
        }
      })
    },
    undo(file) {
      void action.run(async () => {
        await page.backend.call('undoShare', { body: { file } })
        setDone((before) => new Set([...before].filter((one) => one !== file)))
        page.changed(`Restored ${shortPath(file)}.`)
        await load()
      })
    },
  }
}
