/** A scene and its twin, which differs from it in exactly one fact. */
import type { ColourName } from '../colour.js';
import { colourMakesSense, mostThatFit, relationsBetween } from '../compose.js';
import { KINDS } from '../kinds.js';
import { createRandom } from '../random.js';
import type { Scene, Thing } from '../scene.js';
import { ABSENT_KINDS, areAlike } from './presence.js';

/** What a pair differs in. */
export const PROBE_KINDS = ['relation', 'count', 'colour', 'negation'] as const;
export type ProbeKind = (typeof PROBE_KINDS)[number];

type Paired = Scene & Required<Pick<Scene, 'companion' | 'relation'>>;

function isPaired(scene: Scene): scene is Paired {
  return scene.companion !== undefined && scene.relation !== undefined;
}

/** The same two things in another relation. */
function otherRelation(scene: Scene): Scene | undefined {
  if (!isPaired(scene)) return undefined;
  const { subject, companion, relation, seed } = scene;
  const others = relationsBetween(subject.kind, companion.kind, scene.place).filter(
    (other) =>
      other !== relation &&
      subject.count <= mostThatFit(subject.kind, companion.kind, other) &&
      // Several things cannot all be what one thing is on, under or above.
      (companion.count === 1 || other === 'left of' || other === 'right of' || other === 'in front of'),
  );
  if (others.length === 0) return undefined;
  return { ...scene, relation: createRandom(seed, 'other relation').pick(others) };
}

/** More or fewer of the subject. */
function otherCount(scene: Scene): Scene | undefined {
  const { subject, companion, relation, seed } = scene;
  const room =
    companion === undefined || relation === undefined
      ? 5
      : mostThatFit(subject.kind, companion.kind, relation);
  const most = Math.min(KINDS[subject.kind].most, room);
  const counts = [1, 2, 3, 4, 5].filter((count) => count <= most && count !== subject.count);
  if (counts.length === 0) return undefined;
  return { ...scene, subject: { ...subject, count: createRandom(seed, 'other count').pick(counts) } };
}

function canBe(colour: ColourName, { kind }: Thing, scene: Scene): boolean {
  return KINDS[kind].colours.includes(colour) && colourMakesSense(colour, kind, scene);
}

/** The two things' colours exchanged: the same words, bound otherwise. */
function exchangedColours(scene: Scene): Scene | undefined {
  const { subject, companion } = scene;
  if (companion?.colour === undefined || subject.colour === undefined) return undefined;
  if (companion.colour === subject.colour || companion.kind === subject.kind) return undefined;
  if (!canBe(companion.colour, subject, scene) || !canBe(subject.colour, companion, scene)) return undefined;
  return {
    ...scene,
    subject: { ...subject, colour: companion.colour },
    companion: { ...companion, colour: subject.colour },
  };
}

/** The companion gone, and the rest where it was: none of a kind, rather than no companion. */
function withoutCompanion(scene: Scene): Scene | undefined {
  const { subject, companion, relation } = scene;
  if (companion === undefined || companion.count !== 1) return undefined;
  if (relation !== 'left of' && relation !== 'right of') return undefined;
  if (!ABSENT_KINDS.includes(companion.kind) || areAlike(subject.kind, companion.kind)) return undefined;
  return { ...scene, companion: { ...companion, count: 0 } };
}

const TWINS: Readonly<Record<ProbeKind, (scene: Scene) => Scene | undefined>> = {
  relation: otherRelation,
  count: otherCount,
  colour: exchangedColours,
  negation: withoutCompanion,
};

/** The scene's twin in one fact; undefined where the scene has none. */
export function twinOf(scene: Scene, kind: ProbeKind): Scene | undefined {
  return TWINS[kind](scene);
}
