/** Where snapshots go. */
export interface SnapshotStore {
  /**
   * Resolves when the whole body is safe under this name: `written`, or `taken` when something else has the name
   * already, which is left as it is. Rejects with a ProducerError.
   */
  put(name: string, body: string): Promise<'written' | 'taken'>;
  /** Lets go of connections. Never rejects. */
  close(): Promise<void>;
}
