import { element } from '../element.ts';
import type { NumericFeature } from '../model.ts';
import { type Control, createFrame, createTrack, setAttributes } from './control.ts';
import { createDistribution, toStrip } from './distribution.ts';

/** A switch for a boolean that may not be missing. */
export function createFlagControl(feature: NumericFeature, index: number, onChange: () => void): Control {
  const box = element('input', { type: 'checkbox', role: 'switch' });
  const state = element('span', { class: 'unit', 'aria-hidden': 'true' });
  const { baseline } = feature;
  const bars = baseline ? createDistribution(toStrip([1 - baseline.mean, baseline.mean])) : undefined;
  bars?.element.classList.add('strip');
  const training = bars ? [createTrack(bars.element, undefined, ['', ''])] : [];
  const frame = createFrame(feature, index, [state, box], training);
  setAttributes(box, frame.fieldAttributes);
  const show = () => {
    state.textContent = String(box.checked);
    bars?.mark(box.checked ? 1 : 0);
  };
  box.addEventListener('change', () => {
    show();
    onChange();
  });
  return {
    ...frame,
    read: () => box.checked,
    write: (value) => {
      box.checked = value === true || value === 1;
      show();
    },
  };
}
