import { ActionIcon, Group, Kbd, Modal, Stack, Table, Text, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconHelp } from '@tabler/icons-react';
import { useLocation } from 'wouter';
import { actions, shortcutList, shortcuts } from './actions.ts';

const isMac = navigator.userAgent.includes('Mac');

/** Listens for the shortcuts that work everywhere, and lists them all behind a question mark. */
export function Shortcuts() {
  const [, navigate] = useLocation();
  const opened = shortcutList.useOpened();
  useHotkeys(actions.map(({ hotkey, run }) => [hotkey, () => run(navigate)]));
  return (
    <>
      <Tooltip label="Keyboard shortcuts (?)">
        <ActionIcon variant="subtle" color="gray" aria-label="Keyboard shortcuts" onClick={shortcutList.open}>
          <IconHelp size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Modal
        opened={opened}
        onClose={shortcutList.close}
        title="Keyboard shortcuts"
        closeButtonProps={{ 'aria-label': 'Close' }}
        attributes={{ header: { role: 'none' } }}
      >
        <Stack gap="md">
          {shortcuts.map(({ where, list }) => (
            <div key={where}>
              <Text size="sm" fw={600}>
                {where}
              </Text>
              <Table withRowBorders={false} verticalSpacing={3} fz="sm" aria-label={where}>
                <Table.Tbody>
                  {list.map(({ keys, does }) => (
                    <Table.Tr key={does}>
                      <Table.Td>{does}</Table.Td>
                      <Table.Td w={130}>
                        <Group gap={4} justify="flex-end" wrap="nowrap">
                          {keys.map((key) => (
                            <Kbd key={key} size="xs">
                              {isMac && key === 'Ctrl' ? '⌘' : key}
                            </Kbd>
                          ))}
                        </Group>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          ))}
        </Stack>
      </Modal>
    </>
  );
}
