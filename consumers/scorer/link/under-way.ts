import { IdMap } from '@sluice/kernel/collections/id-map';
import type { Task } from './task.ts';

const maxEntryId = 0xffff_ffff;

/** The events that one stream has and has not answered. Times: performance.now(). */
export class UnderWay {
  readonly #tasks = new IdMap<Task>();
  #lastId = 0;
  /** No task is due before: looking at each of them is worth while only then. */
  #noneDueBefore = Number.POSITIVE_INFINITY;

  get size(): number {
    return this.#tasks.size;
  }

  /** Gives it an id of its own. Ids come again late, so that a late answer to one that was given up is nobody's. */
  add(task: Task): void {
    do this.#lastId = this.#lastId >= maxEntryId ? 1 : this.#lastId + 1;
    while (this.#tasks.has(this.#lastId));
    task.id = this.#lastId;
    this.#tasks.set(task.id, task);
    if (task.dueAt < this.#noneDueBefore) this.#noneDueBefore = task.dueAt;
  }

  has(task: Task): boolean {
    return this.#tasks.get(task.id) === task;
  }

  take(id: number): Task | undefined {
    const task = this.#tasks.get(id);
    if (task !== undefined) this.#tasks.delete(id);
    return task;
  }

  takeIf(belongs: (task: Task) => boolean): Task[] {
    const taken = this.#tasks.values().filter(belongs);
    for (const { id } of taken) this.#tasks.delete(id);
    return taken;
  }

  /** Those that were due before. */
  takeDue(before: number): Task[] {
    if (this.#noneDueBefore >= before) return [];
    const due = this.takeIf(({ dueAt }) => dueAt < before);
    this.#noneDueBefore = this.#tasks
      .values()
      .reduce((least, { dueAt }) => Math.min(least, dueAt), Number.POSITIVE_INFINITY);
    return due;
  }

  takeAll(): Task[] {
    const all = this.#tasks.values();
    this.#tasks.clear();
    return all;
  }
}
