import type { ScorerName } from '../../core/fusion.js';
import type { Urgency } from '../runtime/session-host.js';

/** A picture whose pixels are only asked for where nothing of it is kept. */
export interface PairImage {
  /** Names its content: equal keys, equal pixels. */
  readonly key: string;
  /** RGB [S, S, 3]. */
  readonly pixels: () => Promise<Uint8Array>;
}

export interface ImageTextPair {
  readonly image: PairImage;
  readonly text: string;
}

/** Judges how well texts fit pictures by reading both. Higher is better; only scores of one scorer are comparable. */
export interface PairScorer {
  readonly name: ScorerName;
  /** Whether pairs of one picture cost less together: what is computed of it serves all of its texts. Default false. */
  readonly keepsPicture?: boolean;
  /** One finite number for each pair. @throws ERR_ENCODER_FAILED, ERR_ENGINE_CLOSED */
  score(pairs: readonly ImageTextPair[], urgency?: Urgency): Promise<number[]>;
}
