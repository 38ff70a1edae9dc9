/**
 * How far the messages of a spool are stored. Within one spool and partition of a topic sequences grow with the offset;
 * all that were shipped there with a sequence up to this one are in the database.
 */
export interface Watermark {
  readonly topic: string;
  readonly partition: number;
  readonly sequence: number;
}
