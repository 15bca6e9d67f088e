/** A recipe's values by their keys from the outside in: `train.steps`. Lists count as one value. */
function flattened(value: unknown, prefix = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new Map([[prefix, typeof value === 'string' ? value : (JSON.stringify(value) ?? '')]]);
  }
  const entries = Object.entries(value).flatMap(([key, inner]) => [
    ...flattened(inner, prefix ? `${prefix}.${key}` : key),
  ]);
  return new Map(entries);
}

export interface ComparedKey {
  key: string;
  /** One for each recipe; undefined where it has no such key. */
  values: (string | undefined)[];
  differs: boolean;
}

/** Every key of some recipes, those that differ first, each group in the order of the recipes. */
export function comparedKeys(recipes: readonly unknown[]): ComparedKey[] {
  const flat = recipes.map((recipe) => flattened(recipe));
  const keys = [...new Set(flat.flatMap((values) => [...values.keys()]))];
  const rows = keys.map((key) => {
    const values = flat.map((found) => found.get(key));
    return { key, values, differs: new Set(values).size > 1 };
  });
  return [...rows.filter(({ differs }) => differs), ...rows.filter(({ differs }) => !differs)];
}
