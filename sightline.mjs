#!/usr/bin/env node
// The command `sightline`: in a checkout installs and builds what is missing, then runs the compiled program.
import { prepare } from './setup.mjs';

await prepare();
const { main } = await import('./dist/src/cli/main.js');
await main(process.argv);
