import { render } from 'solid-js/web'
import { expect, test } from 'vitest'
import { Sparkline } from './sparkline.tsx'

function draw(component: () => Element): SVGElement {
  const root = document.body.appendChild(document.createElement('div'))
  render(component as never, root)
  const svg = root.querySelector('svg')
  if (!svg) throw new Error('no svg')
  return svg
}

test('has a text alternative', () => {
  const svg = draw(() => (<Sparkline values={[1, 2]} label="Memory" width={48} height={16} />) as Element)
  expect([svg.getAttribute('role'), svg.getAttribute('aria-label')]).toEqual(['img', 'Memory'])
  expect(svg.querySelectorAll('path')).toHaveLength(2)
})

test('is hidden where the text beside it says the same, and empty without values', () => {
  const svg = draw(() => (<Sparkline values={[null]} label="" width={48} height={16} />) as Element)
  expect([svg.getAttribute('role'), svg.getAttribute('aria-hidden')]).toEqual([null, 'true'])
  expect(svg.querySelectorAll('path')).toHaveLength(0)
})
