/** Lock files of merged files. Each has a number; one that exists is never changed. */
export interface LockPlace {
  numbers(file: string): Promise<readonly number[]>;
  /** False when the number is taken. Nobody sees a lock without its content. */
  create(lock: string, content: string): Promise<boolean>;
  read(lock: string): Promise<string>;
  remove(lock: string): Promise<void>;
}

/** The numbers of the locks among the names beside a file. */
export function lockNumbersAmong(names: readonly string[], fileName: string): readonly number[] {
  const start = `${fileName}.lock-`;
  return names
    .filter((name) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)))
    .map((name) => Number(name.slice(start.length)));
}
