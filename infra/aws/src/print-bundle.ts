/** `node infra/aws/src/print-bundle.ts FILE`: writes the zip of the collector and says its hash. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { bundleCollector } from './bundle-collector.ts';

const file = resolve(process.argv[2] ?? 'data/aws/crypto-collector.zip');
const bytes = await bundleCollector();
await mkdir(dirname(file), { recursive: true });
await writeFile(file, bytes);
const sha256 = createHash('sha256').update(bytes).digest('hex');
console.log(JSON.stringify({ file, bytes: bytes.length, sha256 }));
