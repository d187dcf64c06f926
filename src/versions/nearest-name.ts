/** The name that a misspelt one was probably meant to be, if one is close. */
export function nearestName(misspelt: string, names: readonly string[]): string | undefined {
  const [nearest] = names
    .map(name => ({ name, distance: editDistance(misspelt.toLowerCase(), name) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(misspelt.length / 4)))
    .sort((a, b) => a.distance - b.distance);
  return nearest?.name;
}

/** Levenshtein distance: single-character insertions, deletions and replacements that turn one text into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[to.length];
}
