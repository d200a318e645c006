/** How far work in the background stands behind what somebody waits for. */
import { getPriority } from 'node:os';

const LOWEST = 19;
/**
 * A tenth of a core that somebody else wants, too. Not the least there is: a thread that is kept waiting for long may hold
 * a lock that a search needs.
 */
const STEPS = 10;

/** For threads of this process, on top of its own niceness. */
export const backgroundNiceness = (): number => Math.min(LOWEST, getPriority() + STEPS);
