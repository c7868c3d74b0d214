// Writes the tables of ARCHITECTURE.md from the built code, so that they cannot differ: npm run docs. With --check
// nothing is written, and a difference ends with code 1.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const text = (file) => readFileSync(join(root, file), 'utf8');
const built = async (file) => {
  if (existsSync(join(root, file))) return import(pathToFileURL(join(root, file)).href);
  throw new Error(`${file} is not built, so its table cannot be made. Run: npm run build`);
};

const cell = (value) => String(value).replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
const code = (value) => `\`${value}\``;

async function topics() {
  const { TOPICS } = await built('packages/contracts/dist/topics.js');
  const rows = Object.values(TOPICS).map(({ name, key, partitionedBy, cleanup, retentionMs, writer, description }) => {
    const kept = `${cleanup === 'compact' ? 'compacted' : 'deleted after'} ${cleanup === 'compact' ? '' : `${retentionMs / 86_400_000} days`}`;
    return [
      code(name),
      code(key) + (key === partitionedBy ? '' : ` by ${code(partitionedBy)}`),
      kept.trim(),
      writer,
      description,
    ];
  });
  return table(['Topic', 'Key, partitioned by', 'Kept', 'Written by', 'What'], rows);
}

const CONFIGS = {
  catalog: 'CatalogConfig',
  inventory: 'InventoryConfig',
  connect: 'ConnectConfig',
  orders: 'OrdersConfig',
  gateway: 'GatewayConfig',
};

async function variables() {
  const { describeConfig } = await built('packages/service-kit/dist/config.js');
  const byVariable = new Map();
  for (const [service, exported] of Object.entries(CONFIGS)) {
    const module = await built(`services/${service}/dist/config.js`);
    for (const variable of describeConfig(module[exported])) {
      const known = byVariable.get(variable.name) ?? { ...variable, services: [], defaults: new Map() };
      known.services.push(service);
      known.defaults.set(service, variable.required ? 'required' : variable.default ? code(variable.default) : '');
      byVariable.set(variable.name, known);
    }
  }
  const all = Object.keys(CONFIGS).length;
  const rows = [...byVariable.values()].map(({ name, services, defaults, description, secret }) => {
    const different = new Set(defaults.values()).size > 1;
    const standard = different
      ? [...defaults].map(([service, value]) => `${service} ${value}`).join(', ')
      : [...defaults.values()][0];
    return [
      code(name),
      services.length === all ? 'all' : services.join(', '),
      standard,
      description + (secret ? ' (secret)' : ''),
    ];
  });
  return table(['Variable', 'Services', 'Default', 'What'], rows);
}

const sources = (folder) =>
  globSync(`${folder}/src/**/*.ts`, {
    cwd: root,
    exclude: (file) => /\.spec\.ts$|\/testing(\/|$)/.test(file),
  }).toSorted((a, b) => (a < b ? -1 : 1));

/** A name and the text beside it, however it is registered: `name: '…', help: '…'` or `counter('…', '…'`. */
const METRIC = /'(shelfline_[a-z0-9_]+)',\s*(?:help:\s*)?'((?:[^'\\]|\\.)*)'/g;

function metrics() {
  const rows = new Map();
  for (const folder of globSync('{packages,services}/*', { cwd: root }).toSorted((a, b) => (a < b ? -1 : 1)))
    for (const file of sources(folder))
      for (const [, name, help] of text(file).matchAll(METRIC))
        rows.set(name, [code(name), folder.replace(/^(services|packages)\//, ''), help]);
  return table(
    ['Metric', 'From', 'What'],
    [...rows.values()].toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const KINDS = ['products', 'locations', 'channels', 'organisations'].map(code).join(', ');

function restPaths() {
  const rows = [];
  for (const service of Object.keys(CONFIGS))
    for (const file of sources(`services/${service}`)) {
      const content = text(file);
      const base = /@Controller\(['`](api\/[^'`]*)['`]\)/.exec(content)?.[1];
      if (base === undefined) continue;
      const controllerHead = /((?:^ *@\w+\(.*\)\n)+) *(?:export )?class /m.exec(content)?.[1] ?? '';
      const controllerRoles = /@Roles\(([^)]*)\)/.exec(controllerHead)?.[1];
      for (const part of content.split(/(?=^ +@(?:Get|Post|Put|Delete)\()/m).slice(1)) {
        const [, verb, own = ''] = /@(Get|Post|Put|Delete)\((?:'([^']*)')?\)/.exec(part);
        const head = part.slice(0, part.search(/\)(?:: [^\n]*)? \{\n/));
        const roles = /@Roles\(([^)]*)\)/.exec(head)?.[1] ?? controllerRoles;
        const summary = /(?:summary:\s*|@operation\(\s*'[^']*',\s*)(['`])(.*?)\1/s.exec(head)?.[2] ?? '';
        const path = `/${base}${own ? `/${own}` : ''}`.replace('${kind}', ':kind');
        rows.push([
          code(`${verb.toUpperCase()} ${path}`),
          service,
          rolesText(head + controllerHead, roles),
          summary.replace('${kind}', 'entities').replace('${MAX_BULK_ITEMS}', '5,000'),
        ]);
      }
    }
  return `${table(['Path', 'Service', 'Roles', 'What'], rows)}\n\n\`:kind\` is one of ${KINDS}. \`ops\` may do everything.`;
}

function rolesText(head, roles) {
  if (head.includes('@Public()')) return 'no token';
  if (roles === undefined) return 'every role';
  const named = [...roles.matchAll(/'([a-z]+)'/g)].map(([, role]) => role).filter((role) => role !== 'ops');
  return named.length > 0 ? named.join(', ') : 'ops';
}

/** The rule files keep to one form, so plain patterns read them and this tool needs no dependency. */
function alerts() {
  const field = (rule, pattern) => pattern.exec(rule)?.[1]?.replaceAll("''", "'") ?? '';
  const rows = globSync('deploy/prometheus/rules/*.yml', { cwd: root })
    .toSorted((a, b) => (a < b ? -1 : 1))
    .flatMap((file) =>
      text(file)
        .split(/^ +- alert: /m)
        .slice(1),
    )
    .map((rule) => [
      `[${field(rule, /^(\w+)/)}](${field(rule, /runbook_url: (\S+)/)})`,
      field(rule, /severity: (\w+)/),
      field(rule, /for: (\w+)/),
      field(rule, /description: '((?:[^']|'')*)'/).replaceAll(/\{\{[^}]*\}\}/g, '…'),
    ]);
  return table(['Alert', 'Severity', 'After', 'What'], rows);
}

const TABLES = { topics, variables, metrics, 'rest-paths': restPaths, alerts };
const file = join(root, 'ARCHITECTURE.md');
const before = readFileSync(file, 'utf8');
let after = before;
for (const [name, make] of Object.entries(TABLES)) {
  const between = new RegExp(`(<!-- ${name}: npm run docs -->\\n)[^]*?(<!-- /${name} -->)`);
  if (!between.test(after))
    throw new Error(
      `ARCHITECTURE.md has no place for the table ${name}: <!-- ${name}: npm run docs --> … <!-- /${name} -->`,
    );
  const made = await make();
  after = after.replace(between, (_, begin, end) => `${begin}\n${made}\n\n${end}`);
}
if (after === before) console.log('The tables of ARCHITECTURE.md are true.');
else if (process.argv.includes('--check')) {
  const lines = new Set(before.split('\n'));
  const first = after.split('\n').find((line) => !lines.has(line));
  console.error(
    `ARCHITECTURE.md differs from the code, so it is out of date: npm run docs\nFor example, it lacks: ${first ?? '(a row is too many)'}`,
  );
  process.exitCode = 1;
} else {
  writeFileSync(file, after);
  console.log('ARCHITECTURE.md: tables written');
}
