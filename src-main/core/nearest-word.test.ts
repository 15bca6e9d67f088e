import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestWord } from './nearest-word.ts';

describe('nearestWord', () => {
  it('finds the word that was meant', () => {
    expect(nearestWord('lerningRate', ['steps', 'learningRate', 'clipNorm'])).toBe('learningRate');
    expect(nearestWord('STEPS', ['steps', 'stops'])).toBe('steps');
    expect(nearestWord('modle', ['name', 'model'])).toBe('model');
    expect(nearestWord('k', ['c'])).toBeUndefined();
    expect(nearestWord('weather', ['steps', 'learningRate'])).toBeUndefined();
  });

  it('answers with the word itself when it is a candidate', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.nat(), (words, pick) => {
        const word = words[pick % words.length];
        expect(nearestWord(word, words)?.toLowerCase()).toBe(word.toLowerCase());
      }),
    );
  });
});
