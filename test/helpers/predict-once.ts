import { handler } from '../../functions/predict/start/app.ts';
import { createContext } from '../../local/context.ts';
import { captureOutput } from './output.ts';

/** A process that loads the model, predicts once, prints the label and ends. */
const { result } = await captureOutput(() => handler([5.1, 3.5, 1.4, 0.2], createContext('request-1')));
console.log((result as { predictions: { label: string }[] }).predictions[0]?.label);
