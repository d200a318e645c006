import type { UserConfig } from 'vite';

const config: UserConfig = {
  // Relative addresses, so that the page also works behind a reverse proxy under a sub-path.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // The polyfill is a script for browsers that the rest of the page does not support either.
    modulePreload: { polyfill: false },
    // Data URLs would need a wider content security policy.
    assetsInlineLimit: 0,
  },
};

export default config;
