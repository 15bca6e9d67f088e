import { expect, test } from 'vitest';
import { edgeCsv } from './edge-csv.ts';

test('the features of an edge as records', () => {
  const features = [
    { feature: 7, share: 0.125, rate: 1, label: 'a "big", red cat' },
    { feature: 3, share: -1e-9, rate: 0.5, label: null },
  ];
  const answer = { images: 16, tokens: 16, score: 0.125, active: 2, features };
  expect(edgeCsv({ id: 'demo-1' }, { source: 0, target: 2, tokens: 'cls' }, answer)).toBe(
    [
      'run,images,tokens,source,target,feature,share,rate,label',
      'demo-1,16,cls,0,2,7,0.125,1,"a ""big"", red cat"',
      'demo-1,16,cls,0,2,3,-1e-9,0.5,',
      '',
    ].join('\n'),
  );
});
