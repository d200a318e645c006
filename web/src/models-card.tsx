import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { abandonModel, readModels, useModel } from './api.js';
import type { Model, ModelChange, Models } from './contract.js';
import { STRINGS } from './strings.js';
import { TroubleLine, troubleText } from './trouble.js';

const LOOK_MS = 1000;

const isUnderWay = (change: ModelChange | null): boolean =>
  change !== null && change.phase !== 'stopped' && change.phase !== 'changed';

/** The models that could read this library, the one that does, and the way from one to another. */
export function ModelsCard(): VNode | null {
  const [known, setKnown] = useState<Models | null>(null);
  const [looks, setLooks] = useState(0);
  const [trouble, setTrouble] = useState('');
  const change = known?.change ?? null;
  const busy = isUnderWay(change);
  useEffect(() => {
    const gone = new AbortController();
    readModels(gone.signal).then(
      (models) => !gone.signal.aborted && setKnown(models),
      // What cannot be told is left out of the view.
      () => {},
    );
    return () => gone.abort();
  }, [looks]);
  useEffect(() => {
    if (!busy) return undefined;
    const timer = setInterval(() => setLooks((count) => count + 1), LOOK_MS);
    return () => clearInterval(timer);
  }, [busy]);
  if (known === null) return null;
  const then = (act: Promise<unknown>): void => {
    setTrouble('');
    act
      .catch((error: unknown) => setTrouble(troubleText(error)))
      .finally(() => setLooks((count) => count + 1));
  };
  return (
    <section class="card" data-testid="models">
      <h3>{STRINGS.models}</h3>
      <ul role="list">
        {known.models.map((model) => (
          <ModelLine
            key={model.name}
            model={model}
            busy={busy}
            onUse={() => then(useModel(model.name, false))}
          />
        ))}
      </ul>
      {change !== null && (
        <Change
          change={change}
          onGoOn={() => then(useModel(change.to, change.unreadable.length > 0))}
          onGiveUp={() => then(abandonModel())}
        />
      )}
      <TroubleLine text={trouble} />
      <p class="quiet">{known.models.length > 1 ? STRINGS.useModelHint : STRINGS.modelHint}</p>
    </section>
  );
}

interface ModelLineProps {
  readonly model: Model;
  readonly busy: boolean;
  readonly onUse: () => void;
}

function ModelLine({ model, busy, onUse }: ModelLineProps): VNode {
  const { name, checkpoint, current, precision, imageSize, dimensions } = model;
  return (
    <li class="line">
      <span class="line-name">
        {name}
        {current && <span class="badge">{STRINGS.currentModel}</span>}
      </span>
      <span class="quiet">{STRINGS.modelFacts(checkpoint, precision, imageSize, dimensions)}</span>
      {!current && (
        <button type="button" class="button" disabled={busy} title={STRINGS.useModelHint} onClick={onUse}>
          {STRINGS.useModel(name)}
        </button>
      )}
    </li>
  );
}

interface ChangeProps {
  readonly change: ModelChange;
  readonly onGoOn: () => void;
  readonly onGiveUp: () => void;
}

/** How far the change is, and what can be done where it stopped. */
function Change({ change, onGoOn, onGiveUp }: ChangeProps): VNode {
  const { to, phase, done, total, unreadable, error } = change;
  const said = STRINGS.changeTo(to, STRINGS.changePhases[phase], done, total);
  return (
    <div class="change" data-phase={phase} data-testid="model-change">
      <p role="status">{said}</p>
      {isUnderWay(change) && (
        <progress class="bar" aria-label={said} {...(total > 0 && { value: done, max: total })} />
      )}
      {unreadable.length > 0 && <p class="quiet">{STRINGS.unreadableStop(unreadable.length)}</p>}
      {error !== null && (
        <p class="quiet" data-trouble="true">
          {error.message}
        </p>
      )}
      {phase !== 'changed' && (
        <div class="change-buttons">
          {phase === 'stopped' && (
            <button type="button" class="button" onClick={onGoOn}>
              {unreadable.length > 0 ? STRINGS.goOnWithout : STRINGS.goOn}
            </button>
          )}
          <button type="button" class="button" onClick={onGiveUp}>
            {STRINGS.giveUp}
          </button>
        </div>
      )}
    </div>
  );
}
