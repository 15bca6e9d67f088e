import { Button, ScrollArea, Text } from '@mantine/core';
import { useState } from 'react';
import type { FlipsAnswer } from '../../../src-main/contract/rpc/analysis.ts';
import { imageUrl } from '../../api/catalogue.ts';
import { flipKind } from './cascade.ts';
import './flips.css';

interface FlippedImagesProps extends FlipsAnswer {
  dataset: { name: string; sha256: string };
}

const page = 60;
const marks = { lost: '✗', won: '✓', moved: '·' } as const;
const words = {
  lost: 'right before, wrong after',
  won: 'wrong before, right after',
  moved: 'wrong both times',
} as const;

/** Images with their class, and the model's before and after the replacement. */
export function FlippedImages({ dataset, classes, flips }: FlippedImagesProps) {
  const [shown, setShown] = useState(page);
  const nameOf = (at: number) => classes[at] ?? `class ${at}`;
  return (
    <ScrollArea.Autosize mah={420} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': 'Changed images' }}>
      <ul className="flips">
        {flips.slice(0, shown).map((flip) => {
          const kind = flipKind(flip);
          return (
            <li key={flip.image} data-kind={kind}>
              <img
                src={imageUrl(dataset, flip.image, 96)}
                width={64}
                height={64}
                loading="lazy"
                alt={`number ${flip.image} of the data set`}
              />
              <div>
                <Text size="xs" fw={600} truncate title={nameOf(flip.truth)}>
                  <span role="img" aria-label={words[kind]} title={words[kind]}>
                    {marks[kind]}
                  </span>{' '}
                  {nameOf(flip.truth)}
                </Text>
                <Text size="xs" truncate title={`before: ${nameOf(flip.before)}`}>
                  <span className="step">before</span> {nameOf(flip.before)}
                </Text>
                <Text size="xs" truncate title={`after: ${nameOf(flip.after)}`}>
                  <span className="step">after</span> {nameOf(flip.after)}
                </Text>
              </div>
            </li>
          );
        })}
      </ul>
      {flips.length > shown && (
        <Button variant="default" size="xs" fullWidth mt="xs" onClick={() => setShown(shown + page)}>
          Show {Math.min(page, flips.length - shown)} more
        </Button>
      )}
    </ScrollArea.Autosize>
  );
}
