/** Named in each generated job. Goes up with every change of what generation prints. */
export const generatorVersion = '0.1.0';
