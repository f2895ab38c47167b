// The single executable's bundle: one CommonJS file, as Node's single executables want it.
import { defineConfig } from 'vite'
import { latinOnly, minify } from './vite.backend.config.ts'

export default defineConfig({
  plugins: [latinOnly],
  build: {
    ssr: true,
    outDir: 'dist/single',
    emptyOutDir: true,
    target: 'node20',
    rollupOptions: {
      input: { single: 'extensions/backend/entry/single.ts' },
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false, minify },
    },
  },
  ssr: { noExternal: true, target: 'node' },
})
