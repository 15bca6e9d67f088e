import { Button } from '@mantine/core';
import { IconCheck, IconPhotoPlus } from '@tabler/icons-react';
import { useBasket, useBasketActions } from '../../api/analysis.ts';

interface AddToFigures {
  /** The id of a figure. */
  figure: string;
  /** What it is called beside others on the same page. */
  name: string;
  runs: readonly string[];
}

/** Puts a figure into the basket, or takes it out again. */
export function AddToFigures({ figure, name, runs }: AddToFigures) {
  const basket = useBasket();
  const { add, remove } = useBasketActions();
  const item = basket.data?.find((each) => each.figure === figure && each.runs.join() === runs.join());
  return (
    <Button
      size="compact-xs"
      variant={item ? 'light' : 'default'}
      leftSection={item ? <IconCheck size={14} aria-hidden /> : <IconPhotoPlus size={14} aria-hidden />}
      aria-label={item ? `In figures: ${name}, take it out` : `Add to figures: ${name}`}
      aria-pressed={item !== undefined}
      loading={add.isPending || remove.isPending}
      disabled={runs.length === 0}
      onClick={() => (item ? remove.mutate({ id: item.id }) : add.mutate({ figure, runs: [...runs] }))}
    >
      {item ? 'In figures' : 'Add to figures'}
    </Button>
  );
}
