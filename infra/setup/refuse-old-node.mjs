/**
 * The first thing a start file does, before it loads anything: on an old Node the rest may not even load.
 * Keeps to what Node 12 understands.
 */
export function refuseOldNode() {
  const version = process.versions.node;
  if (Number(version.split('.')[0]) < 20) {
    console.error(`set-up: This is Node ${version}. Set-up needs Node 20 or newer.`);
    console.error('  -> Install Node 24 (for example `nvm install 24`) and start again.');
    process.exit(3);
  }
}
