import type { Act } from '../dashboard/board.ts';

/** The acts of the demo beside its usual traffic. Times are seconds from the beginning of a round; rounds repeat. */
const scenes = [
  {
    kind: 'burst',
    title: 'A burst',
    text: 'Ten times as many requests, while new environments start. Only 10 may run at once; the others are throttled.',
    start: 20,
    end: 30,
  },
  {
    kind: 'drift',
    title: 'Drift',
    text: 'moves away from the training data, further and further.',
    start: 30,
    end: 80,
  },
  {
    kind: 'large',
    title: 'Large requests',
    text: 'Some requests have so many rows that they take a long time.',
    start: 42,
    end: 50,
  },
  {
    kind: 'crash',
    title: 'Crashes',
    text: 'One request in three crashes the function, and gets an error instead of an answer.',
    start: 60,
    end: 68,
  },
] as const;

export type Kind = (typeof scenes)[number]['kind'];

const roundSeconds = 120;
/** Seconds until the drifting feature has moved as far as it will. */
const driftSeconds = 20;

/** The course of the demo. Times are seconds since 1970. */
export interface Script {
  isOn(kind: Kind, now: number): boolean;
  /** How far the drifting feature has moved, from 0 to 1. */
  drifted(now: number): number;
  /** The acts of this round and of the three before it. */
  acts(now: number): readonly Act[];
}

export function createScript(begin: number, drifting: string | undefined): Script {
  const played = scenes.filter(({ kind }) => kind !== 'drift' || drifting !== undefined);
  const into = (now: number) => (now - begin) % roundSeconds;
  const isOn: Script['isOn'] = (kind, now) =>
    played.some((scene) => scene.kind === kind && scene.start <= into(now) && into(now) < scene.end);
  return {
    isOn,
    drifted: (now) => {
      const { start } = scenes[1];
      return isOn('drift', now) ? Math.min(1, (into(now) - start) / driftSeconds) : 0;
    },
    acts: (now) => {
      const round = Math.floor((now - begin) / roundSeconds);
      const rounds = [round - 3, round - 2, round - 1, round].filter((one) => one >= 0);
      return rounds.flatMap((one) =>
        played.map(({ kind, title, text, start, end }) => {
          const offset = begin + one * roundSeconds;
          const whole = kind === 'drift' ? `${drifting} ${text}` : text;
          return { title, text: whole, start: offset + start, end: offset + end };
        }),
      );
    },
  };
}
