// The backend and its command line: extensions/backend/ -> dist/backend/, one self-contained bundle for Node.
import { defineConfig } from 'vite'

export default defineConfig({
  build: {
    ssr: true,
    outDir: 'dist/backend',
    emptyOutDir: true,
    target: 'node20',
    rollupOptions: {
      input: { cli: 'extensions/backend/cli.ts', 'stand-in': 'extensions/backend/features/demo/stand-in.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
  ssr: { noExternal: true, target: 'node' },
})
