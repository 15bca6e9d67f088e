import { Anchor, Box, List, Stack, Text } from '@mantine/core';
import { useRef } from 'react';
import type { RecipeProblem } from '../../../src-main/contract/recipe-check.ts';
import classes from './YamlEditor.module.css';

interface YamlEditorProps {
  yaml: string;
  onChange(yaml: string): void;
  problems: readonly RecipeProblem[];
}

/** The recipe's text with numbered lines; those with a mistake are marked, and what is wrong stands below. */
export function YamlEditor({ yaml, onChange, problems }: YamlEditorProps) {
  const text = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const lines = yaml.split('\n');
  const wrong = new Set(problems.map(({ line }) => line));
  const goTo = ({ line, column }: RecipeProblem) => {
    const offset = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
    text.current?.focus();
    text.current?.setSelectionRange(offset, offset);
  };
  return (
    <Stack gap={6} className={classes.side}>
      <Text size="sm" fw={600} component="label" htmlFor="recipe-yaml">
        YAML
      </Text>
      <Box className={classes.editor}>
        <Box className={classes.gutter} ref={gutter} aria-hidden>
          {lines.map((_, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is named by its number
            <div key={at} className={wrong.has(at + 1) ? classes.wrong : undefined}>
              {at + 1}
            </div>
          ))}
        </Box>
        <textarea
          id="recipe-yaml"
          ref={text}
          className={classes.text}
          value={yaml}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          wrap="off"
          aria-invalid={problems.length > 0}
          aria-describedby="recipe-problems"
          onChange={(event) => onChange(event.currentTarget.value)}
          onScroll={(event) => gutter.current?.scrollTo({ top: event.currentTarget.scrollTop })}
        />
      </Box>
      <Box id="recipe-problems" role="status" mih={22}>
        {problems.length === 0 ? (
          <Text size="sm" c="dimmed">
            The recipe is complete.
          </Text>
        ) : (
          <List size="sm" listStyleType="none" spacing={2} pl={0}>
            {problems.map((problem) => (
              <List.Item key={`${problem.line}:${problem.column} ${problem.message}`}>
                <Anchor component="button" type="button" size="sm" onClick={() => goTo(problem)}>
                  Line {problem.line}
                </Anchor>{' '}
                <Text span size="sm" c="red">
                  {problem.key && <code>{problem.key}</code>} {problem.message}
                </Text>
              </List.Item>
            ))}
          </List>
        )}
      </Box>
    </Stack>
  );
}
