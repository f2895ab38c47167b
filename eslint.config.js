// The lint: type-aware TypeScript rules, Solid's reactivity rules, and the walls between the rooms (docs/architecture.md).
import solid from 'eslint-plugin-solid/configs/typescript'
import tseslint from 'typescript-eslint'

/** A wall: files in `files` must not import what matches `patterns`. */
const wall = (name, files, patterns, message) => ({
  name: `wall/${name}`,
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: patterns, message }] }] },
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
      // `run` and `then` are called from event handlers: what they read is read at that moment, on purpose.
      'solid/reactivity': ['error', { customReactiveFunctions: ['run', 'then'] }],
      'solid/no-innerhtml': 'error',
    },
  },
  {
    files: ['extensions/backend/cli.ts', 'extensions/backend/cli/**', 'bench/**', 'test/**'],
    rules: { 'no-console': 'off' },
  },
  {
    name: 'signals',
    files: ['extensions/**/*.ts'],
    ignores: ['**/*.test.ts', 'extensions/backend/os/signals.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          // Signal 0 only asks whether there is such a process.
          selector: "CallExpression[callee.property.name='kill']:not(:has(> Literal[value=0]))",
          message: 'Signals go through os/signals.ts, which can write each of them down.',
        },
      ],
    },
  },
  wall(
    'contract',
    ['src/contract/**'],
    '^(?!zod/mini$|\\./|fast-check$|vitest$)',
    'contract is pure: it imports zod/mini and itself only.',
  ),
  wall(
    'ui',
    ['src/ui/**'],
    '^#contract/|/(state|client|platform|features|contract)/',
    'ui widgets know nothing of ours.',
  ),
  wall(
    'client',
    ['src/client/**', 'src/platform/**'],
    '/(state|features|ui)/',
    'client and platform import contract only.',
  ),
  wall('state', ['src/state/**'], '/(features|ui|platform)/', 'state imports contract and client only.'),
  wall(
    'page-features',
    ['src/features/**'],
    '/extensions/|/main\\.tsx$|/app\\.tsx$',
    'page features never reach the backend or the shell.',
  ),
  wall(
    'os-lib',
    ['extensions/backend/os/**', 'extensions/backend/lib/**'],
    '/(features|http|cli)/|/app\\.ts$|/main\\.ts$',
    'os and lib import contract and facts only.',
  ),
  wall(
    'backend-features',
    ['extensions/backend/features/**'],
    '/(http|cli)/|/app\\.ts$|/main\\.ts$|/features/|^\\.\\./(?!\\.\\./(os|lib|facts)|(\\.\\./)+(os|lib|facts))',
    'a feature imports os, lib, contract and itself: siblings come through deps.',
  ),
  wall('http', ['extensions/backend/http/**'], '/(features|os|cli)/', 'http imports lib and contract only.'),
  wall(
    'backend',
    ['extensions/**'],
    '/src/(?!contract)',
    'the backend shares only the contract with the page.',
  ),
)
