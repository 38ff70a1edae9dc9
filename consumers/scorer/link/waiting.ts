import type { Task } from './task.ts';

/** Of a longer list the part that has left is thrown away. */
const maxGone = 1024;

/** The events that no gateway has taken yet, first come first served. Their number is bounded by what callers have under way. */
export class Waiting {
  #tasks: Task[] = [];
  /** How many at the front have left. */
  #gone = 0;

  get size(): number {
    return this.#tasks.length - this.#gone;
  }

  get first(): Task | undefined {
    return this.#tasks[this.#gone];
  }

  push(task: Task): void {
    this.#tasks.push(task);
  }

  shift(): void {
    this.#gone += 1;
    if (this.#gone < Math.min(maxGone, this.#tasks.length)) return;
    this.#tasks = this.#tasks.slice(this.#gone);
    this.#gone = 0;
  }

  takeIf(belongs: (task: Task) => boolean): Task[] {
    const all = this.#tasks.slice(this.#gone);
    this.#tasks = all.filter((task) => !belongs(task));
    this.#gone = 0;
    return all.filter(belongs);
  }
}
