import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { htmlText } from './html-text.ts'

test.each([
  ['<p>New <b>thing</b></p><p>more</p>', 'New thing more'],
  ['a<script>alert(1)</script>b<style>x{}</style><!-- c -->d', 'a b d'],
  ['a<script>alert(1)', 'a'],
  ['Tom &amp; Jerry &lt;3 &#39;x&#39; &unknown; &#99999999;', "Tom & Jerry <3 'x' &unknown; &#99999999;"],
  ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
  ['<img src=x onerror=alert(1)>x', 'x'],
])('converts %j to %j', (html, text) => {
  expect(htmlText(html)).toBe(text)
})

test('handles any input quickly', () => {
  fc.assert(fc.property(fc.string(), (html) => void htmlText(html)))
  const began = performance.now()
  htmlText('<script'.repeat(20_000))
  htmlText('<!--'.repeat(20_000))
  htmlText('<'.repeat(100_000))
  expect(performance.now() - began).toBeLessThan(10_000)
})
