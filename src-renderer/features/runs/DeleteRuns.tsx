import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, errorText } from '../../api/client.ts';
import { projectKey } from '../../api/queries.ts';
import { bytes, counted } from '../../ui/quantities.ts';

interface DeleteRunsProps {
  runIds: readonly string[];
  onDone(): void;
  onClose(): void;
}

/** Asks before runs are deleted, saying what that frees. */
export function DeleteRuns({ runIds, onDone, onClose }: DeleteRunsProps) {
  const queries = useQueryClient();
  const freed = useQuery({
    // Apart from what is read anew at every change: it walks through folders.
    queryKey: ['freed', ...runIds],
    queryFn: () => api.runs.freed({ runIds: [...runIds] }),
    gcTime: 0,
  });
  const remove = useMutation({
    mutationFn: () => api.runs.delete({ runIds: [...runIds] }),
    onSuccess: async () => {
      onDone();
      onClose();
      await queries.invalidateQueries({ queryKey: [projectKey] });
    },
  });
  const what = runIds.length === 1 ? runIds[0] : counted(runIds.length, 'run');
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Delete ${what}?`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      attributes={{ header: { role: 'none' } }}
    >
      <Stack gap="sm">
        {runIds.length > 1 && (
          <List size="sm" mah={160} style={{ overflow: 'auto' }}>
            {runIds.map((id) => (
              <List.Item key={id}>{id}</List.Item>
            ))}
          </List>
        )}
        <Text size="sm">
          Weights, checkpoint, results, log, tags and note go with it. This cannot be undone; the same recipe trains the
          same weights again.
        </Text>
        <Text size="sm" role="status">
          {freed.isPending && 'Looking at what it would free…'}
          {freed.data && (
            <>
              Frees <b>{bytes(freed.data.runs + freed.data.shards)}</b>: {bytes(freed.data.runs)} of the run
              {runIds.length === 1 ? '' : 's'},{' '}
              {freed.data.shards > 0
                ? `${bytes(freed.data.shards)} of activation shards that no other run was trained on.`
                : 'no activation shards (there are none, or another run was trained on them).'}
            </>
          )}
        </Text>
        {(freed.isError || remove.isError) && (
          <Alert color="red" role="alert" title="Nothing was deleted">
            {errorText(remove.error ?? freed.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep
          </Button>
          <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
