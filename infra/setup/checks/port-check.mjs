import { createServer } from 'node:net';
import { SetupError } from '../setup-errors.mjs';
import { checkBy } from './check.mjs';
import { findPortHolder } from './port-holder.mjs';

const SHOWN_COMMAND = 100;

/**
 * A port that a program is about to listen on.
 * @typedef {object} PortNeed
 * @property {number} port 0 stands for any free one and is always free
 * @property {string} purpose for example `control API`
 * @property {string} setting environment variable that chooses another port
 * @property {string} [host] 127.0.0.1 when absent
 */

/**
 * Whether a port is free; if not, who has it and how to choose another one.
 * @param {PortNeed} need
 * @returns {Promise<import('./check.mjs').Check>}
 */
export function checkPort({ port, purpose, setting, host = '127.0.0.1' }) {
  const id = setting.toLowerCase().replaceAll('_', '-');
  const question = { id, group: 'Ports', wanted: `port ${port} free (${purpose})` };
  return checkBy(question, async () => {
    if (await canListen(port, host)) {
      return `port ${port} is free`;
    }
    const holder = findPortHolder(port);
    const choose = `choose another port, for example \`${setting}=${port + 1}\``;
    throw new SetupError('PORT_TAKEN', {
      port,
      purpose,
      holder: holder ? describe(holder) : 'a process that this user may not see',
      mend: holder ? `End it with \`kill ${holder.pid}\`, or ${choose}.` : `Please ${choose}.`,
    });
  });
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
function canListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** @param {import('./port-holder.mjs').PortHolder} holder */
function describe({ pid, command }) {
  return `process ${pid} (${command.slice(0, SHOWN_COMMAND)})`;
}
