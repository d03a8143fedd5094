/** Something is not there, as the system says it of a file: for places that have no system calls. */
export class AbsentFile extends Error {
  readonly code = 'ENOENT';

  constructor(path: string) {
    super(`ENOENT: there is no ${path}`);
  }
}
