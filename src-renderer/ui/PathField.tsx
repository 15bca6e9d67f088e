import { Box, Button, Group, TextInput } from '@mantine/core';
import { type DragEvent, useState } from 'react';
import { useFolderChooser } from '../api/choose.ts';

interface PathFieldProps {
  label: string;
  description?: string;
  placeholder?: string;
  value: string;
  error?: string;
  onChange(path: string): void;
  /** Enter, or a folder was chosen or dropped. */
  onSubmit?(path: string): void;
}

/** The path of a folder or file on the machine that Strata runs on: typed, chosen where the shell can, or dropped. */
export function PathField({ label, description, placeholder, value, error, onChange, onSubmit }: PathFieldProps) {
  const choose = useFolderChooser();
  const [dropped, setDropped] = useState<string>();
  const take = (path: string) => {
    setDropped(undefined);
    onChange(path);
    onSubmit?.(path);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    const path = droppedPath(event.dataTransfer);
    if (path !== undefined) return take(path);
    const name = event.dataTransfer.files[0]?.name;
    setDropped(`A page is not told where ${name ? `“${name}”` : 'what was dropped'} lies: type its path here.`);
  };
  return (
    <Box onDrop={onDrop} onDragOver={(event) => event.preventDefault()} flex={1}>
      <Group align="end" gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          label={label}
          description={description}
          placeholder={placeholder}
          value={value}
          error={error ?? dropped}
          spellCheck={false}
          onChange={(event) => {
            setDropped(undefined);
            onChange(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && value.trim()) onSubmit?.(value.trim());
          }}
        />
        {choose && (
          <Button
            variant="default"
            onClick={async () => {
              const path = await choose();
              if (path) take(path);
            }}
          >
            Choose…
          </Button>
        )}
      </Group>
    </Box>
  );
}

/** Some file managers give the address beside the file; browsers hide it otherwise. */
function droppedPath(data: DataTransfer): string | undefined {
  const text = (data.getData('text/uri-list') || data.getData('text/plain')).split(/\r?\n/)[0]?.trim() ?? '';
  if (text.startsWith('file://')) return decodeURIComponent(new URL(text).pathname);
  return /^(\/|[A-Za-z]:[\\/])/.test(text) ? text : undefined;
}
