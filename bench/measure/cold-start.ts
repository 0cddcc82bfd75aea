import { docker, say } from '../commands.ts';
import type { Plan } from '../plan.ts';
import { type InRounds, nothingOf } from '../rounds.ts';
import { type Container, createContainer, invoke, removeContainer, startContainer } from '../systems/container.ts';
import { type System, systems } from '../systems/images.ts';

/** Milliseconds of one cold start. */
export interface ColdStart {
  /** From `docker start` to the first answer. */
  readonly total: number;
  /**
   * From the first event to its answer: the sum of what Lambda calls Init Duration and Duration, without the start of
   * the container itself.
   */
  readonly answer: number;
}

/** The milliseconds of each step of a cold start, from the first event to its answer. The steps are in their order. */
export interface Split {
  readonly runtime: number;
  readonly imports: number;
  readonly model: number;
  readonly request: number;
}

export interface ColdStarts {
  readonly megabytes: number;
  readonly starts: Readonly<Record<System, readonly ColdStart[]>>;
  readonly splits: Readonly<Record<System, readonly Split[]>>;
}

export async function measureColdStarts(plan: Plan, inRounds: InRounds): Promise<ColdStarts[]> {
  const measured: ColdStarts[] = [];
  for (const megabytes of plan.memories) {
    say(`${plan.coldStarts} cold starts at ${megabytes} MB`);
    const starts = await inRounds(plan.coldStarts, plan.started, (system) => startCold(system, megabytes));
    const splits = await inRounds(plan.splitStarts, plan.started, (system) => startInSteps(system, megabytes));
    const none = nothingOf(systems);
    measured.push({ megabytes, starts: { ...none, ...starts }, splits: { ...none, ...splits } });
  }
  return measured;
}

async function startCold(system: System, megabytes: number): Promise<ColdStart> {
  const { started, posted, answered, id } = await start(system, megabytes, false);
  await removeContainer(id);
  return { total: answered - started, answer: answered - posted };
}

async function startInSteps(system: System, megabytes: number): Promise<Split> {
  const { posted, answered, id } = await start(system, megabytes, true);
  const logs = await docker('logs', id);
  await removeContainer(id);
  const [, line] = /\bbench (\{.*\})$/m.exec(logs) ?? [];
  if (!line) throw new Error(`${system} reported no steps of its start: ${logs}`);
  const steps = JSON.parse(line) as { started: number; imported: number; loaded: number };
  const [started, imported, loaded] = [steps.started * 1000, steps.imported * 1000, steps.loaded * 1000];
  return {
    runtime: started - posted,
    imports: imported - started,
    model: loaded - imported,
    request: answered - loaded,
  };
}

interface Start {
  readonly id: string;
  readonly started: number;
  readonly posted: number;
  readonly answered: number;
}

async function start(system: System, megabytes: number, inSteps: boolean): Promise<Start> {
  const id = await createContainer(system, megabytes, inSteps);
  const started = now();
  const container: Container = await startContainer(id);
  const posted = now();
  const answer = await invoke(container);
  const answered = now();
  if (!/setosa|nothing/.test(answer)) throw new Error(`${system} answered ${answer}`);
  return { id, started, posted, answered };
}

/** Reads the system's clock, which containers share. */
const now = () => performance.timeOrigin + performance.now();
