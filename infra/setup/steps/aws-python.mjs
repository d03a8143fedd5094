import { hashFile, identifyFile, identifyFolder } from '../fingerprint.mjs';
import { readStamp } from '../stamp.mjs';
import { findPackage, placesIn } from './places.mjs';
import { makeEnvironment, requirements } from './python-environment.mjs';

/** @typedef {import('../perform-steps.mjs').SetupContext} SetupContext */

/** The AWS emulator, in an environment of its own: nothing of it can change what Spark's Python finds. */
/** @type {import('../perform-steps.mjs').Step} */
export const awsPythonStep = {
  name: 'aws-python',
  title: 'Python environment with the AWS emulator',
  inputs: ({ root }) => ({ requirements: hashFile(requirements(root, FILE)), root }),
  outputs: ({ folder }) => {
    const { awsEnvironment, awsPython } = placesIn(folder);
    const interpreter = identifyFile(awsPython);
    const home = findPackage(awsEnvironment, 'ministack');
    const emulator = home && identifyFolder(home);
    return interpreter && emulator ? { interpreter } : undefined;
  },
  perform: (context) =>
    makeEnvironment(context, {
      step: awsPythonStep.title,
      environment: placesIn(context.folder).awsEnvironment,
      // Everything comes as a wheel; without this a new Python would silently compile what has none for it yet.
      installs: [['--only-binary', ':all:', '-r', requirements(context.root, FILE)]],
    }),
};

const FILE = 'requirements-aws.txt';

/**
 * @param {SetupContext} context
 * @returns {{ python: string } | null} null when the emulator is not there, or not whole
 */
export function describeAws(context) {
  const whole =
    readStamp(context.folder, awsPythonStep.name)?.outcome === 'made' &&
    awsPythonStep.outputs(context) !== undefined;
  return whole ? { python: placesIn(context.folder).awsPython } : null;
}
