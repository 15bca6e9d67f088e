import { Group, MultiSelect, Select, type SelectProps, Text } from '@mantine/core';
import type { RunSummary } from '../../src-main/contract/rpc/project.ts';
import { RunState } from './RunState.tsx';
import { runNames } from './run-names.ts';

/** Runs as they can be picked: those that are not measured are listed and cannot be. */
function choices(runs: readonly RunSummary[]) {
  const names = runNames(runs);
  const data = runs.map(({ id, measured }) => ({ value: id, label: names.get(id) ?? id, disabled: measured === null }));
  const byId = new Map(runs.map((run) => [run.id, run]));
  const renderOption: SelectProps['renderOption'] = ({ option }) => {
    const run = byId.get(option.value);
    return run ? <RunLine run={run} name={option.label} /> : option.label;
  };
  return { data, renderOption };
}

function RunLine({ run, name }: { run: RunSummary; name: string }) {
  const { measured, state, sparsifier, id } = run;
  const figures = measured
    ? `cosine ${measured.cosine.toFixed(3)} · R² ${measured.r2.toFixed(3)} · L0 ${measured.l0.toFixed(1)} · frozen top-1 ${(100 * measured.top1).toFixed(1)} %`
    : 'not measured yet';
  return (
    <div style={{ width: '100%' }}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" truncate title={id}>
          {name} <span style={{ color: 'var(--mantine-color-dimmed)' }}>{sparsifier}</span>
        </Text>
        <RunState state={state} />
      </Group>
      <Text size="xs" c="dimmed" className="number" ta="left">
        {figures}
      </Text>
    </div>
  );
}

interface RunPickerProps {
  label: string;
  runs: readonly RunSummary[];
}

/** One run. */
export function RunPicker(props: RunPickerProps & { value: string | undefined; onChange(id: string): void }) {
  const { label, runs, value, onChange } = props;
  return (
    <Select
      aria-label={label}
      {...choices(runs)}
      value={value ?? null}
      onChange={(id) => id && onChange(id)}
      allowDeselect={false}
      searchable
      nothingFoundMessage="No run is called that"
      w={300}
      maxDropdownHeight={420}
    />
  );
}

interface OptionalRunPickerProps extends RunPickerProps {
  /** A run that is not offered, though it counts when runs are told apart by their names. */
  except: string;
  value: string | undefined;
  placeholder: string;
  onChange(id: string | undefined): void;
}

/** No run, or one. */
export function OptionalRunPicker(props: OptionalRunPickerProps) {
  const { label, runs, except, value, placeholder, onChange } = props;
  const { data, renderOption } = choices(runs);
  return (
    <Select
      aria-label={label}
      data={data.filter((option) => option.value !== except)}
      renderOption={renderOption}
      value={value ?? null}
      placeholder={placeholder}
      onChange={(id) => onChange(id ?? undefined)}
      clearable
      clearButtonProps={{ 'aria-label': 'No run' }}
      searchable
      nothingFoundMessage="No run is called that"
      w={260}
      maxDropdownHeight={420}
    />
  );
}

/** Several runs, at most six: more cannot be told apart. */
export function RunsPicker(
  props: RunPickerProps & {
    value: readonly string[];
    onChange(ids: string[]): void;
    /** It stands in a popover, which a click into its list must not close. */
    inside?: boolean;
  },
) {
  const { label, runs, value, onChange, inside = false } = props;
  return (
    <MultiSelect
      aria-label={label}
      {...choices(runs)}
      value={[...value]}
      onChange={onChange}
      maxValues={6}
      searchable
      hidePickedOptions={false}
      nothingFoundMessage="No run is called that"
      placeholder={value.length === 0 ? 'Choose runs' : undefined}
      comboboxProps={{ withinPortal: !inside }}
      miw={340}
      maw={720}
      maxDropdownHeight={420}
    />
  );
}
