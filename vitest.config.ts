import { defineConfig } from 'vitest/config';

/** Suites from the quickest refusal to the slowest; each is a folder of test/. Tests run against the compiled code. */
const suite = (name: string, options: object = {}): object => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], pool: 'forks', ...options },
});

/** What runs in `npm run test:long` alone takes as many times as long, and so does a machine with other work. */
const patience = process.env['SIGHTLINE_TEST_LONG'] === '1' ? 15 : 1;

export default defineConfig({
  test: {
    projects: [
      suite('unit', { testTimeout: 30_000 }),
      suite('docs'),
      suite('golden', { testTimeout: 60_000 }),
      suite('property', { testTimeout: 60_000 * patience }),
      suite('states', { testTimeout: 120_000 * patience, hookTimeout: 60_000 }),
      suite('e2e', { testTimeout: 120_000, hookTimeout: 120_000 }),
      suite('browser', { testTimeout: 120_000, hookTimeout: 120_000 }),
    ],
  },
});
