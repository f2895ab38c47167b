// The two programs that run for hours beside every client, each with nothing of the others: `vite build --mode connect` makes one file,
// `--mode hub` a file and its own chunks for what it rarely needs. Built after vite.backend.config.ts, which empties the folder.
// `connect` is CommonJS: Node's loader of ES modules takes 0.5 MB.
import { defineConfig } from 'vite'
import { latinOnly, minify } from './vite.backend.config.ts'

export default defineConfig(({ mode }) => {
  const name = mode === 'connect' ? 'connect' : 'hub'
  return {
    plugins: [latinOnly],
    build: {
      ssr: true,
      outDir: 'dist/backend',
      emptyOutDir: false,
      target: 'node20',
      rollupOptions: {
        input: { [name]: `extensions/backend/entry/${name}.ts` },
        output: {
          ...(name === 'connect' && { format: 'cjs' }),
          entryFileNames: name === 'connect' ? '[name].cjs' : '[name].js',
          chunkFileNames: `chunks/${name}-[name]-[hash].js`,
          codeSplitting: name === 'hub',
          minify,
        },
      },
    },
    ssr: { noExternal: true, target: 'node' },
  }
})
