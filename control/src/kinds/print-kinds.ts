import type { TSchema } from 'typebox';
import { stringify } from 'yaml';
import type { Kind, KindRole } from './define-kind.ts';
import { describeSchema, type SchemaFacts } from './describe-schema.ts';
import type { KindRegistry } from './kind-registry.ts';

const intro = `# Kinds

A kind is one sort of source, decoder, transform or sink. A spec names it and gives its settings. This page is
printed from the kinds themselves by \`npm run generate\`; each of its examples is run by a test.
`;

/** Where a kind of each role stands in a spec. */
const slots: Readonly<Record<KindRole, { readonly title: string; readonly field: string }>> = {
  source: { title: 'Sources', field: 'source' },
  decoder: { title: 'Decoders', field: 'decode' },
  transform: { title: 'Transforms', field: 'transforms' },
  sink: { title: 'Sinks', field: 'sink' },
};

/** The reference page of all kinds, as Markdown. */
export function printKinds(registry: KindRegistry): string {
  const chapters = [registry.source, registry.decoder, registry.transform, registry.sink].map(
    (kinds) => printChapter([...kinds.values()]),
  );
  return [intro, ...chapters].join('\n');
}

function printChapter(kinds: readonly Kind[]): string {
  const role = kinds[0]?.role ?? 'source';
  return [`## ${slots[role].title}\n`, ...kinds.map(printKind)].join('\n');
}

function printKind(kind: Kind): string {
  const examples = kind.examples.map((example) => printExample(kind, example.config));
  return [`### ${kind.name}\n`, `${kind.summary}\n`, printFields(kind.schema), ...examples].join(
    '\n',
  );
}

function printFields(schema: TSchema): string {
  const { properties, required = [], description = '' } = schema as SchemaFacts;
  if (properties === undefined) {
    return `${description}\n`;
  }
  const rows = Object.entries(properties).map(([name, field]) =>
    printRow(name, field, required.includes(name)),
  );
  return ['| field | value | default | meaning |', '| --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}

function printRow(name: string, field: TSchema, isRequired: boolean): string {
  const { default: standard, description = '' } = field as SchemaFacts & { default?: unknown };
  const fallback = isRequired ? 'must be given' : `\`${JSON.stringify(standard) ?? 'none'}\``;
  const cells = [`\`${name}\``, describeSchema(field), fallback, description];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function printExample({ role, name }: Kind, config: unknown): string {
  const use = { [name]: config };
  const { field } = slots[role];
  const text = stringify({ [field]: role === 'transform' ? [use] : use }, { lineWidth: 100 });
  return `\`\`\`yaml\n${text}\`\`\`\n`;
}
