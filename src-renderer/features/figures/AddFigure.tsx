import { Alert, Button, Popover, Select, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { RunSummary } from '../../../src-main/contract/rpc/project.ts';
import { useBasketActions, useFigureList } from '../../api/analysis.ts';
import { errorText } from '../../api/client.ts';
import { RunsPicker } from '../../ui/RunPicker.tsx';

/** Any figure of any runs, by its name. */
export function AddFigure({ runs, onAdded }: { runs: readonly RunSummary[]; onAdded(id: string): void }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={400} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setOpen(!open)}
        >
          Add a figure
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Add a figure">
        <Form
          runs={runs}
          onAdded={(id) => {
            setOpen(false);
            onAdded(id);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function Form({ runs, onAdded }: { runs: readonly RunSummary[]; onAdded(id: string): void }) {
  const list = useFigureList();
  const { add } = useBasketActions();
  const [figure, setFigure] = useState<string>();
  const newest = runs.find(({ measured }) => measured)?.id;
  const [chosen, setChosen] = useState<string[]>(newest ? [newest] : []);
  const put = async () => {
    if (figure) onAdded((await add.mutateAsync({ figure, runs: chosen })).id);
  };
  return (
    <Stack gap="sm">
      {list.isError && <Alert color="red">{errorText(list.error)}</Alert>}
      <Select
        label="Figure"
        data={(list.data ?? []).map(({ id, title }) => ({ value: id, label: title }))}
        placeholder={list.isPending ? 'Asking what there is…' : 'Choose a figure'}
        value={figure ?? null}
        onChange={(id) => setFigure(id ?? undefined)}
        comboboxProps={{ withinPortal: false }}
      />
      <RunsPicker label="Runs of the figure" runs={runs} value={chosen} onChange={setChosen} inside />
      <Button
        size="xs"
        disabled={!figure || chosen.length === 0}
        loading={add.isPending}
        onClick={() => put().catch(() => undefined)}
      >
        Add to figures
      </Button>
      {add.isError && <Alert color="red">{errorText(add.error)}</Alert>}
    </Stack>
  );
}
