/**
 * Everyday captions, put together from parts: what people photograph, and how they say it. Nobody looks for these. They serve to
 * tell how near a photo is to captions in general (hubness.ts), and for that they need to be many and various, not true.
 */
const listed = (words: string): readonly string[] => words.split(', ');

const WHO = listed(
  'a man, a woman, a boy, a girl, two men, two women, two children, a child, a baby, ' +
    'a group of people, a crowd, a family, an old man, a young woman, a couple, three friends, ' +
    'a dog, two dogs, a black dog, a brown dog, a white dog, a cat, a horse, a bird, some sheep, ' +
    'a cow, a cyclist, a skier, a surfer, a climber, a football player, a basketball player, a band, ' +
    'a worker, a runner, a dancer, a tourist',
);
const DOES = listed(
  'running, walking, sitting, standing, jumping, playing, sleeping, eating, smiling, ' +
    'looking at the camera, swimming, riding a bike, throwing a ball, catching a ball, climbing, ' +
    'holding a camera, reading a book, dancing, singing, carrying a bag, wearing a red shirt, ' +
    'wearing a hat, talking on a phone, waiting, working, looking up, lying down, laughing, ' +
    'turning around',
);
const WHERE = listed(
  'on the beach, in the snow, in the grass, in a park, on a street, in the water, in a city, ' +
    'in the mountains, on a rock, in a kitchen, at a table, in front of a building, on a road, ' +
    'in a field, near a lake, in the woods, at night, on a boat, on stage, in a crowd, by the sea, ' +
    'in a garden, on a bench, in a room, at a market, under a tree, on a bridge, in the rain, ' +
    'at sunset, on a couch, at a station',
);
const THINGS = listed(
  'a red car, a plate of food, a bicycle, a boat on the water, a house with a garden, ' +
    'a train at a station, an airplane in the sky, flowers in a vase, a tall building, ' +
    'a bridge over a river, a mountain with snow, a cup of coffee, a street full of cars, a castle, ' +
    'a tree, a beach, a sunset over the sea, a bus in the city, a birthday cake, an empty road, ' +
    'a statue, a shop window, fireworks, a bowl of fruit, a computer on a desk, a clock on a wall',
);

const COUNT = 1024;
/** One in so many is a thing without anybody. */
const A_THING = 7;

/** The lists' lengths have no common factor, so walking through all at once meets other parts together each time. */
function caption(number: number): string {
  const at = (list: readonly string[], stride: number): string =>
    list[(number * stride) % list.length] as string;
  if (number % A_THING === 0)
    return number % (2 * A_THING) === 0 ? at(THINGS, 3) : `${at(THINGS, 3)} ${at(WHERE, 2)}`;
  return `${at(WHO, 1)} ${at(DOES, 1)} ${at(WHERE, 1)}`;
}

export const REFERENCE_CAPTIONS: readonly string[] = [
  ...new Set(Array.from({ length: COUNT }, (_, number) => caption(number))),
];
