import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { signIn } from './api.js';
import { STRINGS } from './strings.js';
import { troubleText } from './trouble.js';

/** Asks for a key once; from then on the browser has a session. */
export function SignIn(): VNode {
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  return (
    <form
      class="sign-in"
      aria-labelledby="sign-in-title"
      onSubmit={(event) => {
        event.preventDefault();
        const key = new FormData(event.currentTarget).get('key');
        if (typeof key !== 'string' || key === '') return;
        setBusy(true);
        signIn(key.trim()).then(
          () => location.reload(),
          (error: unknown) => {
            setBusy(false);
            setTrouble(troubleText(error));
          },
        );
      }}
    >
      <h2 id="sign-in-title">{STRINGS.signInTitle}</h2>
      <p>{STRINGS.signInText}</p>
      <div class="sign-in-row">
        <input
          class="sign-in-key"
          name="key"
          type="password"
          autocomplete="current-password"
          aria-label={STRINGS.signInKey}
          placeholder={STRINGS.signInKey}
          required
        />
        <button type="submit" class="button" disabled={busy} aria-busy={busy}>
          {STRINGS.signIn}
        </button>
      </div>
      {trouble !== '' && <p role="alert">{trouble}</p>}
    </form>
  );
}
