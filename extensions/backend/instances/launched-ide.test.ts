import { expect, it } from 'vitest'
import { isLaunchedIde } from './launched-ide.ts'

it.each<[boolean, string[] | null]>([
  [true, ['/opt/idea/bin/idea64', '/src/shop']],
  [true, ['/bin/sh', '-c', 'pycharm /src/other']],
  [true, ['/bin/sh', '-c', "my-launcher '/src/shop'"]],
  [true, ['/opt/start-ide', '/src/shop']],
  [false, ['/src/shop']],
  [false, ['gopls', 'serve']],
  [false, ['node', '/src/shop/dev-server.js']],
  [false, []],
  [false, null],
])('%s: %j', (isIde, argv) => {
  expect(isLaunchedIde({ argv }, '/src/shop')).toBe(isIde)
})
