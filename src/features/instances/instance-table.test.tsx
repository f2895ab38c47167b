import { createSignal } from 'solid-js'
import { afterEach, expect, test, vi } from 'vitest'
import type { Instance } from '#contract/instance'
import { instance as makeInstance } from '#contract/instance.fixture'
import type { Sorting } from '../../state/deck-summary.ts'
import { renderPage, type TestPage } from '../../state/page.fixture.tsx'
import { createRowSelection } from '../../state/row-selection.ts'
import { EmptyView, NoMatch } from './empty-view.tsx'
import { InstanceList } from './instance-list.tsx'
import { InstanceTable } from './instance-table.tsx'
import { SelectionBar } from './selection-bar.tsx'

let page: TestPage
afterEach(() => page.dispose())
const onOpen = vi.fn()
afterEach(() => onOpen.mockClear())

const NOW_MS = Date.parse('2026-11-23T12:00:00Z')
const small = makeInstance(1, { title: '1 - small', memoryBytes: 1_000_000 })
const large = makeInstance(2, { title: '2 - large', memoryBytes: 9_000_000 })

function show(instances: readonly Instance[], grouping: 'none' | 'project' = 'none'): TestPage {
  return renderPage(() => {
    const [sorting, setSorting] = createSignal<Sorting>({ key: 'title', isDescending: false })
    const selection = createRowSelection(() => instances)
    return (
      <>
        <button type="button" onClick={() => selection.setOn(true)}>
          Select
        </button>
        <SelectionBar selection={selection} />
        <InstanceTable
          instances={instances}
          sorting={sorting()}
          onSort={setSorting}
          grouping={grouping}
          hiddenColumns={[]}
          selection={selection}
          onOpen={onOpen}
          helpers={[]}
          nowMs={NOW_MS}
        />
      </>
    )
  })
}
const titles = (): (string | null)[] =>
  [...document.querySelectorAll('.all__row .all__open')].map((one) => one.textContent)

test('sorts numbers largest first, then in the other direction', () => {
  page = show([small, large])
  page.click('Memory')
  expect(titles()).toEqual(['2 - large', '1 - small'])
  page.click('Memory↓')
  expect(titles()).toEqual(['1 - small', '2 - large'])
  expect(document.querySelector('[aria-sort]')?.getAttribute('aria-sort')).toBe('ascending')
})

test('opens an instance, and shows totals', () => {
  page = show([small, large])
  page.click('2 - large')
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(large.id)
  expect(document.querySelector('tfoot')?.textContent).toContain('2 instances')
  expect(document.querySelector('tfoot')?.textContent).toContain('10 MB')
})

test('selects rows instead of opening them, and ends the selected ones after a confirmation', () => {
  page = show([small, large])
  page.click('Select')
  page.click('1 - small')
  page.click('2 - large, live')
  expect(page.text()).toContain('2 selected · 10 MB')
  expect(onOpen).not.toHaveBeenCalled()
  page.click('End selected …')
  expect(page.opened).toEqual([{ kind: 'ending', title: 'End 2 instances', ids: [small.id, large.id] }])
})

test('groups instances, unknown last', () => {
  page = show([makeInstance(3, { project: null }), small], 'project')
  expect([...document.querySelectorAll('.all__group th')].map((one) => one.textContent)).toEqual([
    'shop · 1 · 1 MB · 1 % CPU',
    'No project · 1 · 612 MB · 1 % CPU',
  ])
})

test('shows many unused instances of one client as one row', () => {
  const startedAt = new Date(NOW_MS - 3_600_000).toISOString()
  const many = Array.from({ length: 6 }, (_, at) =>
    makeInstance(at + 1, { title: `${at + 1} - shop`, startedAt, quietSince: startedAt }),
  )
  page = show(many)
  expect(titles()).toEqual([])
  expect(page.text()).toContain('6 × claude for shop · 6 never used')
  page.click('End 6 unused …')
  expect(page.opened).toMatchObject([
    { kind: 'ending', title: 'End 6 unused instances', unusedSince: startedAt },
  ])
  document.querySelector<HTMLButtonElement>('.all__toggle')?.click()
  expect(titles()).toHaveLength(6)
})

test('shows a message if no instance is running or none matches', () => {
  const onClear = vi.fn()
  const [isHealthOpen, setIsHealthOpen] = createSignal(false)
  page = renderPage(() => (
    <>
      <EmptyView
        isScanned
        serenaHomes={['/home/ana/.serena']}
        helpers={[]}
        nowMs={NOW_MS}
        history={() => 'HISTORY'}
        health={() => 'HEALTH'}
        isHealthOpen={isHealthOpen()}
        onHealth={setIsHealthOpen}
        hub={() => 'HUB'}
      />
      <NoMatch search="xyz" onClear={onClear} />
    </>
  ))
  expect(page.text()).toContain('No Serena instances are running.')
  expect(page.text()).toContain('~/.serena')
  expect(page.text()).toContain('HUB')
  expect(page.text()).not.toContain('HISTORY')
  page.click('History')
  expect(page.text()).toContain('HISTORY')
  expect(page.text()).not.toContain('HEALTH')
  page.click('Health')
  expect(page.text()).toContain('HEALTH')
  expect(page.text()).toContain('No instance matches “xyz”.')
  page.click('Clear search')
  expect(onClear).toHaveBeenCalledOnce()
})

test('shows cards in a narrow list: the reason of a red one, and a button that ends it', () => {
  const red = makeInstance(3, { title: '3 - old', state: 'orphaned' })
  page = renderPage(() => (
    <InstanceList
      widthPx={() => 400}
      instances={[small, red]}
      sorting={{ key: 'title', isDescending: false }}
      onSort={() => undefined}
      grouping="none"
      hiddenColumns={[]}
      selection={createRowSelection(() => [small, red])}
      onOpen={onOpen}
      helpers={[]}
      nowMs={NOW_MS}
    />
  ))
  expect(document.querySelector('table')).toBeNull()
  expect(document.querySelectorAll('[role=listitem]')).toHaveLength(2)
  expect(document.querySelector('.all__reason')?.textContent).toBe('It answers.')
  page.click('1 - small')
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(small.id)
  page.click('End 3 - old …')
  expect(page.opened).toEqual([{ kind: 'ending', title: 'End 3 - old', ids: [red.id] }])
})
