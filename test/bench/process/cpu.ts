import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What /proc/<pid>/stat says of times, in ticks (proc(5)). */
interface Stat {
  readonly parent: number;
  /** Its own, and that of its children that have ended and were waited for. */
  readonly ticks: number;
  readonly childrenTicks: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The name of the program stands in brackets and may hold anything: the fields are counted after it. */
export const parseStat = (text: string): Stat => {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return { parent: field(4), ticks: field(14) + field(15), childrenTicks: field(16) + field(17) };
};

const readStat = (pid: string): Stat | undefined => {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
};

let ticksPerSecond = 0;
const seconds = (ticks: number): number => {
  ticksPerSecond ||= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticks / ticksPerSecond;
};

/** Processor time of a process and all that it has started, since they began. */
export const cpuSecondsOf = (root: number): number => {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const stats = pids.flatMap((pid) => {
    const stat = readStat(pid);
    return stat === undefined ? [] : [{ pid: Number(pid), ...stat }];
  });
  const ticksBelow = (pid: number): number =>
    sum(
      stats
        .filter(({ parent }) => parent === pid)
        .map((child) => child.ticks + child.childrenTicks + ticksBelow(child.pid)),
    );
  const own = stats.find(({ pid }) => pid === root);
  return own === undefined ? Number.NaN : seconds(own.ticks + own.childrenTicks + ticksBelow(root));
};

/** Processor time of those of this process's children that have ended. */
export const ownChildrenCpuSeconds = (): number => seconds(readStat('self')?.childrenTicks ?? Number.NaN);
