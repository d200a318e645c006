import { Presets, SingleBar } from 'cli-progress';
import type { IngestStatus } from '../engine/mod.js';

/** Progress on stderr, on a terminal only. */
export interface ProgressBar {
  update(done: number, total: number, words?: string): void;
  stop(): void;
}

const silent: ProgressBar = { update: () => {}, stop: () => {} };

export function progressBar(title: string): ProgressBar {
  if (!process.stderr.isTTY) return silent;
  const bar = new SingleBar(
    {
      format: `${title} {bar} {value}/{total} {words}`,
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update(done, total, words = '') {
      if (!started) bar.start(total, done, { words });
      started = true;
      bar.setTotal(total);
      bar.update(done, { words });
    },
    stop() {
      if (started) bar.stop();
    },
  };
}

function timeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s left`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min left`;
  return `${(seconds / 3600).toFixed(1)} h left`;
}

/** A bar that follows an ingest: done/total, rate, time left, failures. */
export function ingestBar(): { show(status: IngestStatus): void; stop(): void } {
  const bar = progressBar('Reading');
  return {
    show({ done, total, rate, secondsLeft, failed }) {
      if (total === null || total === 0) return;
      const words = [
        rate === null ? '' : `${rate.toFixed(0)}/s`,
        secondsLeft === null ? '' : timeLeft(secondsLeft),
        failed > 0 ? `${failed} failed` : '',
      ];
      bar.update(done, total, words.filter(Boolean).join(', '));
    },
    stop: () => bar.stop(),
  };
}
