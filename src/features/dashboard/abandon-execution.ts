// Abandoning an execution, and the executions that were abandoned on this page.
import { createSignal } from 'solid-js'
import type { Execution } from '#contract/details'
import { visibleLine } from '#contract/visible-text'
import { type AbandonedExecution, withAbandoned } from '../../state/observed-executions.ts'
import type { PageContext } from '../../state/page-context.ts'

/** By instance id, while the page is open: Serena does not store them. */
const [abandonedById, setAbandonedById] = createSignal<
  Readonly<Record<string, readonly AbandonedExecution[]>>
>({})

export const abandonedOf = (instanceId: string): readonly AbandonedExecution[] =>
  abandonedById()[instanceId] ?? []

/** Opens a confirmation dialog that abandons the execution. */
export function openAbandonDialog(page: PageContext, instanceId: string, execution: Execution): void {
  const name = visibleLine(execution.name)
  page.open({
    kind: 'confirm',
    title: `Abandon ${name}?`,
    text: 'Its client receives an error immediately. The work itself continues: a command that a tool has started runs until it finishes.',
    action: 'Abandon',
    run: async () => {
      const { wasCancelled } = await page.backend.call('cancelExecution', {
        params: { id: instanceId },
        body: { taskId: execution.taskId },
      })
      if (wasCancelled) remember(instanceId, execution)
      page.changed(wasCancelled ? `Abandoned ${name}.` : `${name} had already finished.`)
    },
  })
}

function remember(instanceId: string, execution: Execution): void {
  setAbandonedById((before) => ({
    ...before,
    [instanceId]: withAbandoned(before[instanceId] ?? [], { execution, atMs: Date.now() }),
  }))
}
