module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-cross-service',
      comment: 'Services meet only in Kafka topics.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/([^/]+)/', pathNot: '^services/$1/' },
    },
    { name: 'packages-not-to-services', severity: 'error', from: { path: '^packages/' }, to: { path: '^services/' } },
    {
      name: 'domain-is-pure',
      comment: 'A decision reads its arguments and nothing else.',
      severity: 'error',
      from: { path: '^services/[^/]+/src/domain/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^services/[^/]+/src/domain/', '^packages/contracts/'] },
    },
    {
      name: 'contracts-pure',
      severity: 'error',
      from: { path: '^packages/contracts/src', pathNot: '(\\.spec\\.ts|/generate[^/]*\\.ts)$' },
      to: { path: 'node_modules/(@nestjs|mongoose|kafkajs)' },
    },
    {
      name: 'only-streaming-knows-kafkajs',
      severity: 'error',
      from: { path: '^services/' },
      to: { path: 'node_modules/kafkajs' },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^vite/client$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
