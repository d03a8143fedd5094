import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTENING = '0A';

/** @typedef {{ readonly pid: number, readonly command: string }} PortHolder */

/**
 * Who listens on a TCP port, as far as this system tells: processes of other users stay hidden.
 * @param {number} port
 * @returns {PortHolder | undefined}
 */
export function findPortHolder(port) {
  return process.platform === 'linux' ? askProc(port) : askLsof(port);
}

/**
 * @param {number} port
 * @returns {PortHolder | undefined}
 */
function askProc(port) {
  const sockets = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listenersIn(table, port)),
  );
  if (sockets.size === 0) {
    return undefined;
  }
  const pid = listPids().find((candidate) => holdsSocket(candidate, sockets));
  return pid === undefined ? undefined : { pid, command: commandOf(pid) };
}

/**
 * @param {string} table of proc(5): local address in column 2 (hex), state in 4, inode in 10
 * @param {number} port
 * @returns {readonly string[]} link targets of the sockets
 */
function listenersIn(table, port) {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return readText(table)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(`:${wanted}`) && columns[3] === LISTENING)
    .map((columns) => `socket:[${columns[9]}]`);
}

/** @returns {readonly number[]} */
function listPids() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/**
 * @param {number} pid
 * @param {ReadonlySet<string>} sockets
 */
function holdsSocket(pid, sockets) {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((file) => sockets.has(readLink(`${folder}/${file}`)));
  } catch {
    return false;
  }
}

/** @param {number} pid */
function commandOf(pid) {
  return readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

/**
 * @param {number} port
 * @returns {PortHolder | undefined}
 */
function askLsof(port) {
  const asked = spawnSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], {
    encoding: 'utf8',
  });
  const pid = /^p(\d+)$/m.exec(asked.stdout ?? '')?.[1];
  const command = /^c(.+)$/m.exec(asked.stdout ?? '')?.[1] ?? '';
  return pid === undefined ? undefined : { pid: Number(pid), command };
}

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** @param {string} path */
function readLink(path) {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
