import { rm } from 'node:fs/promises';
import { bringJars, inputsOfJars, outputsOfJars } from './ivy-jars.mjs';
import { placesIn } from './places.mjs';

/** @type {import('./ivy-jars.mjs').JarSet} */
const set = {
  title: 'Kafka and Spark jars',
  ivy: 'ivy.xml',
  hashes: 'jars.sha256',
  configurations: ['kafka', 'spark'],
};

/** The jars of the Kafka broker and of Spark's Kafka connector. */
/** @type {import('../perform-steps.mjs').Step} */
export const jarsStep = {
  name: 'jars',
  title: set.title,
  inputs: (context) => inputsOfJars(context, set),
  outputs: (context) => outputsOfJars(context, set),
  perform: async (context) => {
    await rm(placesIn(context.folder).runtime, { force: true });
    await bringJars(context, set);
  },
};
