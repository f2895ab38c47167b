// Copies the pictures of the page to the clipboard.
import type { PageContext } from './page-context.ts'

interface Copies {
  png(svg: SVGSVGElement, name: string): void
  csv(rows: readonly (readonly string[])[], name: string): void
}

/** Makes the copies of one page. `draw`: an SVG as PNG; `csv`: rows as text. */
export const makePictureCopies = (
  page: Pick<PageContext, 'copy' | 'announce'>,
  {
    draw,
    csv,
  }: {
    draw: (svg: SVGSVGElement) => Promise<Blob>
    csv: (rows: readonly (readonly string[])[]) => string
  },
): Copies => ({
  png(svg, name) {
    copyPng(draw(svg)).then(
      () => page.announce(`Copied ${name} as PNG.`),
      () => page.announce('Cannot copy the picture: this browser does not copy pictures. Copy it as CSV.'),
    )
  },
  csv: (rows, name) => page.copy(csv(rows), `${name} as CSV`),
})

/** Rejects in a browser without this clipboard. */
const copyPng = async (png: Promise<Blob>): Promise<void> =>
  navigator.clipboard.write([new ClipboardItem({ 'image/png': png })])
