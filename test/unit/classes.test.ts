import { expect } from 'chai';
import { type Class, toClassType } from '../../functions/core/model/classes.ts';
import type { DType } from '../../functions/core/model/tensor.ts';

describe('toClassType', () => {
  const types: readonly [readonly Class[], DType][] = [
    [['a', 'b'], 'string'],
    [['1', '2'], 'string'],
    [[false, true], 'bool'],
    [[-1, 0, 1], 'int64'],
    [[0.5, 1.5], 'float64'],
    [[0.5, 1], 'float64'],
    [[1, 0.5], 'float64'],
  ];
  for (const [classes, type] of types) {
    it(`is ${type} for ${JSON.stringify(classes)}`, () => {
      expect(toClassType(classes)).to.equal(type);
    });
  }
});
