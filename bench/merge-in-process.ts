import { keepHeapSmall } from '../control/src/merge/keep-heap-small.ts';
import { mergeOnce, mergePending } from '../control/src/merge/merge-once.ts';
import { virtualPart } from './virtual-part.ts';

// Merges in a process of its own and prints what that took:
//   node merge-in-process.ts DIR FILE          the parts of a folder
//   node merge-in-process.ts virtual BYTES     one part of that many bytes, which stands on no disk
const [source = '', target = ''] = process.argv.slice(2);
keepHeapSmall();
const kilobytesAtStart = process.memoryUsage.rss() / 1024;
const began = performance.now();
const header = 'present';
const result =
  source === 'virtual'
    ? await mergePending(
        { port: virtualPart(Number(target)) },
        { directory: '/out', into: '/m/rows.csv', header },
      )
    : await mergeOnce({ directory: source, into: target, header });
const seconds = (performance.now() - began) / 1000;
const peakKilobytes = process.resourceUsage().maxRSS;
const { rows, bytes, parts } = result;
const memory = {
  peakMegabytes: Math.round(peakKilobytes / 1024),
  aboveStartMegabytes: Math.round((peakKilobytes - kilobytesAtStart) / 1024),
};
console.log(JSON.stringify({ seconds, rows, bytes, parts, ...memory }));
