// The single executable's bundle: one CommonJS file, as Node's single executables want it.
import { defineConfig } from 'vite'

export default defineConfig({
  build: {
    ssr: true,
    outDir: 'dist/single',
    emptyOutDir: true,
    target: 'node20',
    rollupOptions: {
      input: { single: 'extensions/backend/single.ts' },
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
    },
  },
  ssr: { noExternal: true, target: 'node' },
})
