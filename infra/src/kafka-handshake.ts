import { connect, type Socket } from 'node:net';

const CORRELATION = 7;

/** A request of no interest but for its answer; the numbers are those of https://kafka.apache.org/protocol. */
interface Question {
  readonly apiKey: number;
  readonly version: number;
  readonly body: Buffer;
  /** Looks at an answer without its size. */
  readonly isGood: (answer: Buffer) => boolean;
}

/**
 * InitProducerId, version 0, without a transaction. Only a broker that the controller has registered in its
 * present life gets producer ids; one that was killed shows its old life in Metadata for seconds.
 */
const giveProducerId: Question = {
  apiKey: 22,
  version: 0,
  body: Buffer.from([0xff, 0xff, 0, 0, 0x75, 0x30]),
  isGood: (answer) => answer.length >= 10 && answer.readInt16BE(8) === 0,
};

/** Metadata, version 1, for no topics: names the brokers that take requests. */
const nameBrokers: Question = {
  apiKey: 3,
  version: 1,
  body: Buffer.alloc(4),
  isGood: (answer) => answer.length >= 8 && answer.readInt32BE(4) > 0,
};

/** True when the Kafka at this port of 127.0.0.1 has joined its cluster and takes topics: an open port is not enough. */
export async function answersKafka(port: number, timeoutMs = 1000): Promise<boolean> {
  for (const question of [giveProducerId, nameBrokers]) {
    if (!(await ask(port, question, timeoutMs))) {
      return false;
    }
  }
  return true;
}

function ask(port: number, question: Question, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const finish = (ready: boolean): void => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.on('connect', () => socket.write(writeRequest(question)));
    readAnswer(socket, (answer) => {
      finish(answer.readInt32BE(0) === CORRELATION && question.isGood(answer));
    });
  });
}

function writeRequest({ apiKey, version, body }: Question): Buffer {
  const client = Buffer.from('sluice');
  const head = Buffer.alloc(14);
  head.writeInt32BE(head.length - 4 + client.length + body.length, 0);
  head.writeInt16BE(apiKey, 4);
  head.writeInt16BE(version, 6);
  head.writeInt32BE(CORRELATION, 8);
  head.writeInt16BE(client.length, 12);
  return Buffer.concat([head, client, body]);
}

/** An answer is its size in four bytes, and then so many bytes. */
function readAnswer(socket: Socket, done: (answer: Buffer) => void): void {
  let received = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes]);
    if (received.length >= 8 && received.length >= 4 + received.readInt32BE(0)) {
      done(received.subarray(4));
    }
  });
}
