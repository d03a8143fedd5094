import { connect } from 'node:net';

const METADATA = 3;
const VERSION = 1;
const CORRELATION = 7;

/**
 * True when the Kafka at this port of 127.0.0.1 answers a Metadata request and names at least one live broker.
 * An open port is not enough: a KRaft broker listens before its controller lets it take topics. The bytes are
 * those of https://kafka.apache.org/protocol#The_Messages_Metadata, version 1, for no topics.
 */
export function answersKafka(port: number, timeoutMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let answer = Buffer.alloc(0);
    const finish = (ready: boolean): void => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.on('connect', () => socket.write(metadataRequest()));
    socket.on('data', (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      if (answer.length >= 12) {
        finish(namesBroker(answer));
      }
    });
  });
}

function metadataRequest(): Buffer {
  const client = Buffer.from('sluice');
  const request = Buffer.alloc(18 + client.length);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(METADATA, 4);
  request.writeInt16BE(VERSION, 6);
  request.writeInt32BE(CORRELATION, 8);
  request.writeInt16BE(client.length, 12);
  client.copy(request, 14);
  request.writeInt32BE(0, 14 + client.length);
  return request;
}

/** An answer is its size, the correlation id and then the number of live brokers. */
function namesBroker(answer: Buffer): boolean {
  return answer.readInt32BE(4) === CORRELATION && answer.readInt32BE(8) > 0;
}
