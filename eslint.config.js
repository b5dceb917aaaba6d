import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import ts from 'typescript-eslint'

export default ts.config(
  {
    ignores: [
      '**/build/',
      '**/.svelte-kit/',
      '**/node_modules/',
      '**/.data/',
      'apps/web/static/_app/',
      'bench/results/',
    ],
  },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    rules: {
      // The type checker knows globals and unused names better, and knows all environments.
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      // The dashboard is served at the root, and the components of `ui` know nothing of SvelteKit.
      'svelte/no-navigation-without-resolve': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
)
