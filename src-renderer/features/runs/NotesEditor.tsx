import { ActionIcon, Button, Popover, Stack, TagsInput, Text, Textarea } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, errorText } from '../../api/client.ts';
import { type Run, useRuns } from './use-runs.ts';

/** Tags and note of a run, behind a pencil. */
export function NotesEditor({ run }: { run: Run }) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus returnFocus withArrow shadow="md" position="bottom-start">
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={`Tags and note of ${run.name}`}
          onClick={() => setOpened(!opened)}
        >
          <IconPencil size={14} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Tags and note of ${run.name}`}>
        {opened && <NotesForm run={run} onClose={() => setOpened(false)} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function NotesForm({ run, onClose }: { run: Run; onClose(): void }) {
  const [tags, setTags] = useState(run.tags);
  const [note, setNote] = useState(run.note);
  const known = [...new Set((useRuns() ?? []).flatMap((other) => other.tags))].sort();
  const save = useMutation({
    mutationFn: () => api.runs.annotate({ runId: run.id, tags, note: note.trim() }),
    onSuccess: onClose,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="xs" w={300}>
        <TagsInput
          label="Tags"
          size="xs"
          data={known}
          value={tags}
          onChange={setTags}
          acceptValueOnBlur
          maxTags={20}
          comboboxProps={{ withinPortal: false }}
        />
        <Textarea
          label="Note"
          size="xs"
          autosize
          minRows={2}
          maxRows={8}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {save.isError && (
          <Text size="xs" c="red" role="alert">
            {errorText(save.error)}
          </Text>
        )}
        <Button type="submit" size="xs" loading={save.isPending}>
          Save
        </Button>
      </Stack>
    </form>
  );
}
