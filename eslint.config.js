// Lint rules: type-aware TypeScript rules, Solid's reactivity rules, and the import rules between the rooms (rooms.mjs).
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import solid from 'eslint-plugin-solid/configs/typescript'
import tseslint from 'typescript-eslint'
import { walls } from './rooms.mjs'

const SIGNALS = {
  // Signal 0 only checks whether the process exists.
  selector: "CallExpression[callee.property.name='kill']:not(:has(> Literal[value=0]))",
  message: 'Signals go through os/signals.ts, which can log each of them.',
}
const features = readdirSync(join(import.meta.dirname, 'src', 'features'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** Makes the ESLint rules of a wall: static imports and exports by one rule, `import()` by the other. */
const ruleOf = ({ name, files, forbidden, message }) => ({
  name: `wall/${name}`,
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ regex: forbidden, message }] }],
    'no-restricted-syntax': [
      'error',
      { selector: `ImportExpression[source.value=/${forbidden.replaceAll('/', '\\u002F')}/]`, message },
      ...(name.startsWith('backend/') && name !== 'backend/demo' ? [SIGNALS] : []),
    ],
  },
})

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'release/',
      'resources/app/',
      '.cache/',
      'node_modules/',
      'test/fixtures/',
      'test-results/',
      'playwright-report/',
    ],
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'max-lines': ['error', { max: 400 }],
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.tsx', 'src/**/*.ts'],
    ...solid,
    rules: {
      ...solid.rules,
      // `run` and `then` are called from event handlers, where reading the current value is intended.
      'solid/reactivity': ['error', { customReactiveFunctions: ['run', 'then'] }],
      'solid/no-innerhtml': 'error',
    },
  },
  {
    files: ['extensions/backend/entry/cli.ts', 'extensions/backend/cli/**', 'bench/**', 'test/**'],
    rules: { 'no-console': 'off' },
  },
  ...walls(features).map(ruleOf),
  {
    name: 'signals',
    files: ['extensions/**/*.test.ts', 'extensions/**/*.fixture.ts', 'extensions/backend/os/signals.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
)
