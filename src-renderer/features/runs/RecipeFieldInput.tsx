import { Autocomplete, NativeSelect, TagsInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { RecipeField } from '../../../src-main/contract/recipe-fields.ts';
import { type FieldInput, type FieldValue, typedValue } from './recipe-document.ts';

interface RecipeFieldInputProps {
  field: RecipeField;
  /** Names that the project has, for a field that takes one of them. */
  choices: readonly string[] | undefined;
  value: FieldValue;
  problem: string | undefined;
  onChange(value: FieldInput | undefined): void;
}

/** One field of the form. Empty, it means its default, which it shows. */
export function RecipeFieldInput({ field, choices, value, problem, onChange }: RecipeFieldInputProps) {
  const { path, input, words } = field;
  // While one types, the field shows what is typed: 0. is not yet 0.5.
  const [draft, setDraft] = useState<string>();
  const held = heldText(value);
  const text = draft ?? held;
  const shared = {
    label: labelOf(path),
    description: describe(field, text),
    error: problem,
    size: 'xs' as const,
    withAsterisk: field.required,
    inputWrapperOrder: ['label', 'input', 'error', 'description'] as ('label' | 'input' | 'error' | 'description')[],
  };
  const initial = field.default === null ? 'none' : String(field.default);
  const type = (typed: string) => {
    setDraft(typed);
    onChange(typedValue(field, typed));
  };
  if (value.kind === 'other' || (value.kind === 'list' && input !== 'list' && input !== 'wordOrList')) {
    return (
      <TextInput {...shared} value={value.kind === 'list' ? value.items.join(', ') : value.text} readOnly disabled />
    );
  }
  const names =
    choices ??
    (input === 'choice' ? words.map(({ word }) => word) : input === 'boolean' ? ['true', 'false'] : undefined);
  if (names) {
    const missing = text !== '' && !names.includes(text) ? [text] : [];
    return (
      <NativeSelect
        {...shared}
        value={text}
        data={[{ value: '', label: `${initial} (default)` }, ...missing, ...names]}
        onChange={(event) => onChange(typedValue(field, event.currentTarget.value))}
      />
    );
  }
  if (input === 'list' || (input === 'wordOrList' && value.kind === 'list')) {
    return (
      <TagsInput
        {...shared}
        value={value.kind === 'list' ? value.items : []}
        placeholder="Enter adds one"
        onChange={(items) => onChange(items.length === 0 ? undefined : items)}
      />
    );
  }
  const typing = {
    ...shared,
    value: text,
    placeholder: initial,
    onBlur: () => setDraft(undefined),
  };
  if (words.length > 0) {
    return <Autocomplete {...typing} data={words.map(({ word }) => word)} onChange={type} />;
  }
  return <TextInput {...typing} onChange={(event) => type(event.currentTarget.value)} />;
}

function heldText(value: FieldValue): string {
  return value.kind === 'one' || value.kind === 'other' ? value.text : '';
}

/** `train.sparsifier.k` is k of the sparsifier, and its kind the sparsifier itself. */
function labelOf(path: readonly string[]): string {
  const last = path.at(-1) ?? '';
  if (path.length < 3) return last;
  return last === 'kind' ? path[path.length - 2] : `${path[path.length - 2]}.${last}`;
}

function describe({ description, words, minimum, maximum }: RecipeField, text: string): string {
  const chosen = words.find(({ word }) => word === text)?.meaning;
  const range = maximum !== undefined && maximum <= 1 && minimum !== undefined ? ` (${minimum} to ${maximum})` : '';
  return chosen ? `${description}: ${chosen}` : `${description}${range}`;
}
