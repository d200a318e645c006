/**
 * Keeps the shell of the page, so that it opens as an installed program does, even while its server is away. Photos and
 * answers are never kept: what the library shows is always what it holds.
 */

/** The part of a service worker's world that this one uses; the types of the page know windows only. */
interface ShellScope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: LifeEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: AskedEvent) => void): void;
}

interface LifeEvent {
  waitUntil(done: Promise<unknown>): void;
}

interface AskedEvent extends LifeEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const scope: ShellScope = self as unknown as ShellScope;
const NAME = 'shell';
/** Files whose names change with their content, and the few that stand beside the page. */
const KEPT: RegExp = /^(?:assets\/|icon[\w-]*\.(?:svg|png)$|manifest\.webmanifest$)/;

/** The newest page where there is one to be had, and then without the files of an older one. */
async function page(request: Request): Promise<Response> {
  const shell = await caches.open(NAME);
  try {
    const fresh = await fetch(request);
    if (fresh.ok) {
      await shell.put(scope.registration.scope, fresh.clone());
      const text = await fresh.clone().text();
      for (const { url } of await shell.keys()) {
        const name = url.slice(scope.registration.scope.length);
        if (name.startsWith('assets/') && !text.includes(name)) await shell.delete(url);
      }
    }
    return fresh;
  } catch (error) {
    const kept = await shell.match(scope.registration.scope);
    if (kept) return kept;
    throw error;
  }
}

async function part(request: Request): Promise<Response> {
  const shell = await caches.open(NAME);
  const kept = await shell.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await shell.put(request, fresh.clone());
  return fresh;
}

/** The page and all that it names: this worker begins its work when they have been loaded without it. */
async function keepShell(): Promise<void> {
  const { scope: address } = scope.registration;
  const text = await (await page(new Request(address))).text();
  const named = [...text.matchAll(/(?:href|src)="\.?\/([^"]+)"/g)].map(([, name = '']) => name);
  for (const name of named) if (KEPT.test(name)) await part(new Request(address + name));
}

scope.addEventListener('install', (event) => event.waitUntil(keepShell().then(() => scope.skipWaiting())));
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const address = origin + pathname;
  if (request.method !== 'GET' || !address.startsWith(scope.registration.scope)) return;
  const name = address.slice(scope.registration.scope.length);
  if (name === '' || name === 'index.html') event.respondWith(page(request));
  else if (KEPT.test(name)) event.respondWith(part(request));
});
