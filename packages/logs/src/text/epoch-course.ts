/** Where the lines of one kind stand. */
interface Course {
  epoch: number;
  at: number;
  before: number;
}

/**
 * Lets the steps of lines run on that count them anew in each epoch (`Epoch [2/3], Step [50/100]`). They do where a later
 * epoch does not go on from the step before; else the steps count over all epochs already.
 */
export class EpochCourse {
  readonly #courses = new Map<number, Course>();

  /** The step over all epochs of step `at` of `length` in `epoch`; lines of one kind share `series`. */
  step(series: number, epoch: number, at: number, length: number): number {
    const course = this.#courses.get(series);
    if (course === undefined) {
      this.#courses.set(series, { epoch, at, before: 0 });
      return at;
    }
    const ahead = epoch - course.epoch;
    if (course.before > 0 || (ahead > 0 && at <= course.at))
      course.before = Math.max(0, course.before + ahead * length);
    course.epoch = epoch;
    course.at = at;
    return course.before + at;
  }
}
