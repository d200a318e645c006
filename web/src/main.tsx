import { render } from 'preact';
import { App } from './app.js';
import { SearchSession } from './search-session.js';

const root = document.getElementById('app');
if (root !== null) {
  root.replaceChildren();
  const session = new SearchSession();
  session.start();
  render(<App session={session} />, root);
}

// Not there where the page is neither on this machine nor encrypted; it works without.
const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
addEventListener('load', () => void workers?.register('service-worker.js').catch(() => {}));
