/**
 * Places of a list in groups of equal length, at most `limit` in each: texts of a group make a batch without padding. The
 * order within a group is that of the list.
 */
export function equalLengths(lengths: readonly number[], limit: number): number[][] {
  const open = new Map<number, number[]>();
  const groups: number[][] = [];
  for (const [place, length] of lengths.entries()) {
    const group = open.get(length);
    if (group !== undefined && group.length < limit) group.push(place);
    else {
      const fresh = [place];
      open.set(length, fresh);
      groups.push(fresh);
    }
  }
  return groups;
}
