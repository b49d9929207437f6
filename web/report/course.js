// Moments of one design's run as CourseData writes them, each as what differs from the one before.

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%()*=';
const fills = 6;

// In the order of CellKind: colour of what it holds, colour of what is free in it, and words.
export const kinds = [
  ['absent', 'absent', 'no memory'],
  ['ram-free', 'ram-free', 'free'],
  ['ram-used', 'ram-free', 'in use'],
  ['some-tagged', 'ram-free', 'in use, some tagged'],
  ['tagged', 'ram-free', 'half or more tagged'],
  ['storage-free', 'storage-free', 'tag storage, free'],
  ['storage-used', 'storage-free', 'tag storage, used as data'],
  ['some-reserved', 'storage-free', 'tag storage, some reserved'],
  ['storage-reserved', 'storage-free', 'tag storage, reserved for tags'],
  ['kept', 'ram-free', 'kept since boot'],
];

export const fillWords = ['', 'up to a quarter of it', 'up to half of it', 'up to three quarters of it', 'most of it', 'all of it'];
export const kindOf = code => Math.floor(code / fills);
export const fillOf = code => code % fills;

export class Course {
  constructor(shape, told) {
    this.cells = shape.runs.reduce((sum, run) => sum + run.cells, 0);
    this.lists = shape.orders * shape.types.length;
    this.moments = [];
    this.marks = told?.marks ?? [];
    this.failures = (told?.failures ?? []).map(([time, moment, kind, pfn, order, reason]) => ({ time, moment, kind, pfn, order, reason }));
    this.failureCounts = told?.failureCounts ?? {};
    this.keepsAll = told?.keepsAll ?? false;
    this.reached = -1;
    (told?.moments ?? []).forEach(moment => this.add(moment));
  }

  add([time, reserved, lent, tagged, blocks, migrated, free, chunks, cells]) {
    this.moments.push({ time, reserved, lent, tagged, blocks, migrated, free, chunks, cells });
  }

  /** The last moment that is not after a time. */
  at(time) {
    let low = 0;
    let high = this.moments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.moments[middle].time <= time) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }

    return low;
  }

  /** Codes of the cells and counts of the free lists at a moment; going back begins anew. */
  state(moment) {
    if (moment < this.reached || this.reached < 0) {
      this.codes = new Uint8Array(this.cells);
      this.chunks = new Array(this.lists).fill(0);
      this.reached = -1;
    }

    while (this.reached < moment) {
      const { cells, chunks } = this.moments[++this.reached];
      this.applyCells(cells);
      this.applyChunks(chunks);
    }

    return this;
  }

  applyCells(text) {
    let cell = 0;
    for (const [, letter, times] of text.matchAll(/([^\d])(\d*)/g)) {
      const end = cell + (times === '' ? 1 : Number(times));
      if (letter !== '-') {
        this.codes.fill(letters.indexOf(letter), cell, end);
      }

      cell = end;
    }
  }

  applyChunks(text) {
    let list = 0;
    for (const [, mark, number] of text.matchAll(/([- ])(\d*)/g)) {
      if (mark === '-') {
        list += number === '' ? 1 : Number(number);
      } else {
        this.chunks[list++] = Number(number);
      }
    }
  }
}
