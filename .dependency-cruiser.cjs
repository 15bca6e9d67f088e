/** Who may import whom under src-main, besides itself. ARCHITECTURE.md has the picture. */
const below = {
  core: [],
  contract: ['core'],
  graphs: ['core', 'contract'],
  figures: ['core', 'contract'],
  engine: ['core', 'contract', 'graphs'],
  data: ['core', 'contract', 'graphs'],
  store: ['core', 'contract', 'graphs'],
  pipeline: ['core', 'contract', 'graphs', 'figures', 'engine', 'data', 'store'],
  jobs: ['core', 'contract', 'graphs', 'figures', 'engine', 'data', 'store', 'pipeline'],
};

const tests = '[.]test[.]tsx?$';
const inPackage = (names) => `(^|/node_modules/|^node_modules/)(${names})(/|$)`;

const layers = Object.entries(below).map(([layer, allowed]) => ({
  name: `layer-${layer}`,
  comment: `src-main/${layer} may import ${allowed.join(', ') || 'nothing else'} of src-main.`,
  severity: 'error',
  from: { path: `^src-main/${layer}/`, pathNot: tests },
  to: { path: '^src-(main|renderer)/', pathNot: `^src-main/(${[layer, ...allowed].join('|')})/` },
}));

const onlyIn = (name, names, home) => ({
  name,
  comment: `Only ${home} knows ${names}.`,
  severity: 'error',
  from: { path: '^src-', pathNot: [`^${home}/`, tests] },
  to: { path: inPackage(names) },
});

module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'core-is-pure',
      comment: 'core imports itself and zod: no node:, electron, onnxruntime or sqlite.',
      severity: 'error',
      from: { path: '^src-main/core/', pathNot: tests },
      to: { pathNot: ['^src-', inPackage('zod')] },
    },
    {
      name: 'renderer-knows-contract-and-core',
      comment: 'The renderer reaches the rest through the RPC contract.',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { path: '^src-main/', pathNot: '^src-main/(contract|core)/' },
    },
    {
      name: 'renderer-takes-core-types-only',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { path: '^src-main/core/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'renderer-is-a-browser',
      comment: 'Node and Electron stay in the main process.',
      severity: 'error',
      from: { path: '^src-renderer/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    onlyIn('transport-in-api', '@orpc/client', 'src-renderer/api'),
    onlyIn('electron-in-its-shell', 'electron', 'src-main/shells/electron'),
    onlyIn('onnxruntime-in-engine', 'onnxruntime-[a-z]+', 'src-main/engine'),
    onlyIn('drawing-in-figures', 'vega|vega-lite|pdfkit|svg-to-pdfkit|@resvg/resvg-js', 'src-main/figures'),
    onlyIn('sqlite-in-store', 'better-sqlite3|kysely', 'src-main/store'),
    {
      name: 'shipped-code-uses-dependencies',
      comment:
        'What src-main imports at run time is a dependency, not a devDependency; electron is the run time itself.',
      severity: 'error',
      from: { path: '^src-main/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: inPackage('electron') },
    },
    {
      name: 'testing-for-tests',
      severity: 'error',
      from: { path: '^src-', pathNot: ['^src-main/testing/', tests] },
      to: { path: '^src-main/testing/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    // TypeScript 7 has no JavaScript API yet; swc reads the syntax, type-only imports included.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src-main/graphs/onnx/generated/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
