import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { strToU8, zipSync } from 'fflate';

const root = resolve(import.meta.dirname, '../../..');
const entry = join(root, 'producers/src/crypto-markets/collector-lambda.ts');
/** What files without a date of their own bear, so that the same code gives the same bytes in every time zone. */
const earliest = new Date(1980, 0, 1);
const UNIX = 3;
const READABLE_BY_ALL = (0o100644 << 16) >>> 0;

/**
 * The collector as one module `index.mjs` in a zip, as AWS Lambda takes it. The SDK is part of it: the one that Lambda
 * brings changes under a function's feet. The same code and packages give the same bytes.
 */
export async function bundleCollector(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    // Packages of CommonJS inside a module of ECMAScript need a `require`.
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
  });
  const [module] = outputFiles;
  const text = module?.text ?? '';
  return zipSync(
    { 'index.mjs': [strToU8(text), { os: UNIX, attrs: READABLE_BY_ALL }] },
    { level: 9, mtime: earliest },
  );
}
