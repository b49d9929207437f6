import { colour, widthOf } from './theme.js';
import { bytes, count, hex } from './numbers.js';

// In the order of PageUse.
const kinds = [
  ['absent', 'no memory'],
  ['ram-free', 'free'],
  ['ram-used', 'in use'],
  ['tagged', 'tagged'],
  ['storage-free', 'tag storage, free'],
  ['storage-used', 'tag storage, used as data'],
  ['storage-reserved', 'tag storage, reserved for tags'],
  ['kept', 'kept by firmware'],
];

const labelWidth = 92;

/** The pageblocks of a machine, row by row, each row a round number of bytes. */
export class MemoryMap {
  constructor(report) {
    this.report = report;
    this.canvas = document.getElementById('map-canvas');
    this.note = document.getElementById('map-cell');
    this.canvas.addEventListener('mousemove', event => this.describe(event));
    this.canvas.addEventListener('mouseleave', () => { this.note.textContent = '\u00a0'; });
  }

  draw(design) {
    this.cells = unpack(design.cells);
    const { map } = this.report;
    const width = Math.min(widthOf(this.canvas), 1200);
    this.shape = shapeOf(map, width - labelWidth);
    const height = this.shape.rows.length * this.shape.size + 2;
    const scale = window.devicePixelRatio || 1;
    this.canvas.width = width * scale;
    this.canvas.height = height * scale;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    const context = this.canvas.getContext('2d');
    context.scale(scale, scale);
    this.paint(context);
    this.drawLegend();
    const group = map.group === 1 ? '' : ` Each cell stands for ${count(map.group)} pageblocks.`;
    document.getElementById('map-caption').textContent =
      `${design.name}: a row is ${bytes(this.shape.columns * map.cellBytes)}.${group}`;
  }

  paint(context) {
    const { size, rows } = this.shape;
    const colours = kinds.map(([key]) => colour(key));
    const gap = size >= 5 ? 1 : 0;
    context.font = '10px ui-monospace, "DejaVu Sans Mono", monospace';
    context.textBaseline = 'top';
    let labelled = -100;
    rows.forEach((row, index) => {
      const top = index * size;
      if (row.isFirst || top - labelled >= 22) {
        context.fillStyle = colour('muted');
        context.fillText(hex(row.base), 0, top + Math.max(0, (size - 10) / 2));
        labelled = top;
      }

      for (let column = 0; column < row.cells; column++) {
        context.fillStyle = colours[this.cells[row.first + column]];
        context.fillRect(labelWidth + column * size, top, size - gap, size - gap);
      }
    });
  }

  drawLegend() {
    const counts = kinds.map(() => 0);
    this.cells.forEach(cell => counts[cell]++);
    const unit = this.report.map.cellBytes;
    document.getElementById('map-legend').replaceChildren(...kinds.flatMap(([key, name], kind) => {
      if (counts[kind] === 0) {
        return [];
      }

      const entry = document.createElement('span');
      const swatch = document.createElement('i');
      swatch.className = 'square';
      swatch.style.background = colour(key);
      entry.append(swatch, `${name}: ${count(counts[kind])} (${bytes(counts[kind] * unit)})`);
      return [entry];
    }));
  }

  describe(event) {
    const box = this.canvas.getBoundingClientRect();
    const row = this.shape.rows[Math.floor((event.clientY - box.top) / this.shape.size)];
    const column = Math.floor((event.clientX - box.left - labelWidth) / this.shape.size);
    if (!row || column < 0 || column >= row.cells) {
      this.note.textContent = '\u00a0';
      return;
    }

    const unit = this.report.map.cellBytes;
    const base = row.base + column * unit;
    this.note.textContent = `[${hex(base)}, ${hex(base + unit)}): mostly ${kinds[this.cells[row.first + column]][1]}`;
  }
}

function unpack(text) {
  const cells = [];
  for (const [, letter, repeat] of text.matchAll(/([a-z])(\d*)/g)) {
    const kind = letter.charCodeAt(0) - 97;
    for (let left = repeat === '' ? 1 : Number(repeat); left > 0; left--) {
      cells.push(kind);
    }
  }

  return cells;
}

// As few rows as fit the page with cells large enough to see: the number of columns is a power of two, so that
// addresses at the left are round.
export function shapeOf({ runs, cellBytes }, width, { leastSize = 2, mostRows = 1 } = {}) {
  const total = runs.reduce((sum, run) => sum + run.cells, 0);
  let columns = 16;
  while (columns * 2 <= width / 3 && total / columns > columns / 3
    && (columns * 2 <= width / leastSize || total / columns > mostRows)) {
    columns *= 2;
  }

  const size = Math.max(2, Math.min(18, Math.floor(width / columns)));
  const rows = [];
  let first = 0;
  for (const run of runs) {
    for (let cell = 0; cell < run.cells; cell += columns) {
      rows.push({ first: first + cell, cells: Math.min(columns, run.cells - cell), isFirst: cell === 0, base: run.base + cell * cellBytes });
    }

    first += run.cells;
  }

  return { columns, size, rows };
}
