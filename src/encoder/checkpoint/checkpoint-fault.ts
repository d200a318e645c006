import { type ErrorCode, SightlineError } from '../../core/errors.js';

export type FaultCode = Extract<
  ErrorCode,
  'ERR_CHECKPOINT_FORMAT' | 'ERR_CHECKPOINT_UNSAFE' | 'ERR_CHECKPOINT_UNSUPPORTED'
>;

/** Characters. */
const MAX_PROBLEM = 1000;

const ADVICE: Readonly<Record<FaultCode, string>> = {
  ERR_CHECKPOINT_FORMAT:
    'Download or copy the file again; if that does not help, save the weights anew with torch.save or as safetensors.',
  ERR_CHECKPOINT_UNSAFE:
    'Nothing of it was run. Take the file from a source you trust; if it is your own, save only the state_dict() and import that.',
  ERR_CHECKPOINT_UNSUPPORTED: 'Save the state_dict() anew with torch.save or as safetensors and import that.',
};

/**
 * What is wrong with a checkpoint, said by a part that does not know the file's name. The door of this folder turns it into
 * a `SightlineError` that does.
 */
export class CheckpointFault extends Error {
  readonly code: FaultCode;
  readonly advice: string;

  constructor(code: FaultCode, problem: string, advice: string = ADVICE[code]) {
    super(problem);
    this.code = code;
    this.advice = advice;
  }

  on(path: string): SightlineError {
    // Names from the file are quoted in messages: they may be of any length, and a terminal should not obey them.
    const short = this.message.length > MAX_PROBLEM ? `${this.message.slice(0, MAX_PROBLEM)}…` : this.message;
    const problem = short.replaceAll(/\p{Cc}/gu, '\ufffd');
    const message = `${path} cannot be imported: ${problem}. ${this.advice}`;
    return new SightlineError(this.code, message, { cause: this, details: { path } });
  }
}

/** A fault of the commonest kind: the bytes are not what the format says. */
export function malformed(problem: string): CheckpointFault {
  return new CheckpointFault('ERR_CHECKPOINT_FORMAT', problem);
}
