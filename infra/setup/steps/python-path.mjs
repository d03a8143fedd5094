import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { replaceFile } from '../durable-file.mjs';
import { findSparkHome } from './places.mjs';

/** @typedef {import('../perform-steps.mjs').SetupContext} SetupContext */

/**
 * Python runs each `import` line of such a file when it starts (module site of the standard library). spark-submit
 * puts its zip of pyspark first on the path, where nothing is compiled: importing from it takes 0.56 s, from the
 * installed package beside it 0.12 s. Only drivers that Sluice starts are changed; they have PYSPARK_WITHOUT_ZIP set.
 */
const text =
  'import os, sys; "PYSPARK_WITHOUT_ZIP" in os.environ and ' +
  'sys.path.__setitem__(slice(None), [p for p in sys.path if not p.endswith(("/pyspark.zip", "-src.zip"))])\n';

/** Lets the drivers of Sluice import the compiled pyspark. */
/** @type {import('../perform-steps.mjs').Step} */
export const pythonPathStep = {
  name: 'python-path',
  title: 'Python path of the drivers',
  quiet: true,
  inputs: () => ({ text: hashText(text) }),
  outputs: (context) => {
    const path = pathFile(context);
    return path && existsSync(path) ? { text: hashText(readFileSync(path, 'utf8')) } : undefined;
  },
  perform: async (context) => {
    const path = pathFile(context);
    if (path) await replaceFile(path, text);
  },
};

/** @param {SetupContext} context */
function pathFile({ folder }) {
  const spark = findSparkHome(folder);
  return spark && join(dirname(spark), 'sluice.pth');
}

/** @param {string} content */
function hashText(content) {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
