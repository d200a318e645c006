// Makes a checkout runnable: installs packages when the lockfile changed, builds when a source changed. Nothing else may be
// installed when this runs, so it is plain JavaScript on Node alone. In an installed package it finds nothing to do.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const OLDEST_NODE = [20, 19];

/** Sources of each build; a newer file among them than its stamp means building again. */
const BUILDS = [
  {
    script: 'build:code',
    stamp: 'dist/.code',
    sources: ['src', 'data/demo', 'bench', 'tsconfig.json', 'tsconfig.build.json'],
  },
  { script: 'build:web', stamp: 'dist/.web', sources: ['web'] },
];

function say(line) {
  process.stderr.write(`${line}\n`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  say(`Sightline needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.version}.`);
  process.exit(1);
}

function npm(args, env = {}) {
  // stdout belongs to the command that is run afterwards.
  const stdio = ['ignore', process.stderr, 'inherit'];
  const command = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(command, args, {
    cwd: root,
    stdio,
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
}

function writeStamp(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules/.sightline-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('Installing packages (a minute or two: SQLite and the vector index are compiled) …');
  // The vector index is twice as fast with this machine's own vector instructions. The result stays on this machine.
  const native = process.platform === 'linux' && !process.env.CXXFLAGS ? { CXXFLAGS: '-march=native' } : {};
  npm(['ci', '--include=dev', '--loglevel=error'], native);
  writeStamp(stamp, lock);
}

function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function build({ script, stamp, sources }) {
  const file = join(root, stamp);
  const changed = Math.max(...sources.map((source) => newest(join(root, source))));
  if (existsSync(file) && statSync(file).mtimeMs >= changed) return;
  say(`Building (${script}) …`);
  // Whoever calls this may be a test, and would get a page with everything in it that helps to find faults.
  npm(['run', '--silent', script], { NODE_ENV: 'production' });
  writeStamp(file, '');
}

/** Installs and builds what is missing or outdated. */
export async function prepare() {
  checkNode();
  if (!existsSync(join(root, 'src'))) return;
  install();
  for (const one of BUILDS) build(one);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await prepare();
