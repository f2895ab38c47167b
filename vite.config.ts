// The page, for browsers and for the native window: src/ -> resources/app/.
import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'

export default defineConfig({
  root: 'src',
  plugins: [solid()],
  build: {
    outDir: '../resources/app',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rollupOptions: { input: { index: 'src/index.html', window: 'src/window.html' } },
  },
})
