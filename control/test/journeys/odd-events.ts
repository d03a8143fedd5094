/** One event that no pipeline can read, and what its dead letter must say. */
export interface OddEvent {
  readonly name: string;
  readonly value: Buffer | null;
  readonly reason: string;
  /** The dead letter keeps it in base64, because it is not text. */
  readonly isBinary?: boolean;
}

const whole =
  '{"eventId":"e","eventOffset":1,"eventPublisher":"device","customerId":"C","data":{"devices":[{"deviceId":"D001","temperature":1,"measure":"C","status":"ERROR"}]},"eventTime":"t"}';

const wrongType = 'a field is not of its declared type';
const notAnObject = 'not a JSON object';

/** Everything a topic was seen to hold that is not an event. */
export const oddEvents: readonly OddEvent[] = [
  text('plain text', 'hello', notAnObject),
  { name: 'a tombstone', value: null, reason: 'no value' },
  text('no bytes', '', 'empty'),
  text('blanks', '  \n ', 'empty'),
  text('the word null', 'null', notAnObject),
  text('a number', '12', notAnObject),
  text('a list', `[${whole}]`, notAnObject),
  text('text after the object', `${whole} oops`, notAnObject),
  text('two objects in a row', whole + whole, notAnObject),
  text('two objects with a comma', `${whole},${whole}`, 'more than one JSON object'),
  text('one bracket too many', `${whole}}`, notAnObject),
  text('an object cut short', whole.slice(0, -9), notAnObject),
  text('single quotes', "{'eventId':'e'}", notAnObject),
  text('a text where a number belongs', '{"eventId":"e","eventOffset":"one"}', wrongType),
  text('a fraction where a whole number belongs', '{"eventId":"e","eventOffset":1.5}', wrongType),
  text('a number too large', '{"eventId":"e","eventOffset":9223372036854775808}', wrongType),
  text('an object where a list belongs', '{"eventId":"e","data":{"devices":{}}}', wrongType),
  text('no required field', '{"eventOffset":1}', 'required field eventId is missing'),
  text(
    'lists 5,000 deep',
    `{"eventId":"e","x":${'['.repeat(5000)}${']'.repeat(5000)}}`,
    notAnObject,
  ),
  text('5 MB', `{"eventId":"${'x'.repeat(5_000_000)}"}`, 'larger than 1048576 bytes'),
  {
    name: 'bytes that are no UTF-8',
    value: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
    reason: 'not UTF-8',
    isBinary: true,
  },
];

function text(name: string, value: string, reason: string): OddEvent {
  return { name, value: Buffer.from(value), reason };
}
