/** Where drivers run: on this machine, on a Spark standalone cluster, on AWS Glue. */
export type Target = 'local' | 'standalone' | 'glue';

/** All targets, in the order in which they are shown. */
export const allTargets: readonly Target[] = Object.freeze(['local', 'standalone', 'glue']);
