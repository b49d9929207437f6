// The pageblocks of one design at one moment: a cell each, coloured by what it holds, paler the less of it is in use.
import { fillOf, fillWords, kindOf, kinds } from './course.js';
import { bytes, count, hex } from './numbers.js';
import { shapeOf } from './memorymap.js';
import { colour } from './theme.js';

const labelWidth = 92;
const strength = [0, 0.4, 0.55, 0.7, 0.85, 1];

export class CourseMap {
  constructor(shape, { canvas, note, legend }, chosen) {
    Object.assign(this, { shape, canvas, note, legend, chosen });
    this.cursor = -1;
    canvas.addEventListener('mousemove', event => this.describe(this.cellAt(event)));
    canvas.addEventListener('mouseleave', () => this.describe(this.cursor));
    canvas.addEventListener('click', event => this.choose(this.cellAt(event)));
    canvas.addEventListener('keydown', event => this.key(event));
  }

  draw(codes, width) {
    this.codes = codes;
    this.layout = shapeOf(this.shape, width - labelWidth, { leastSize: 7, mostRows: 80 });
    const { rows, size } = this.layout;
    const height = rows.length * size + 2;
    const scale = window.devicePixelRatio || 1;
    this.canvas.width = width * scale;
    this.canvas.height = height * scale;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    const context = this.canvas.getContext('2d');
    context.scale(scale, scale);
    this.paint(context);
    this.drawLegend();
  }

  paint(context) {
    const { rows, size } = this.layout;
    const palette = paletteOf();
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
        context.fillStyle = palette[this.codes[row.first + column]];
        context.fillRect(labelWidth + column * size, top, size - gap, size - gap);
      }
    });
    this.outline(context);
  }

  outline(context) {
    const { rows, size } = this.layout;
    const index = rows.findIndex(row => this.cursor >= row.first && this.cursor < row.first + row.cells);
    if (index >= 0) {
      context.strokeStyle = colour('ink');
      context.lineWidth = 1.5;
      context.strokeRect(labelWidth + (this.cursor - rows[index].first) * size - 0.5, index * size - 0.5, size, size);
    }
  }

  drawLegend() {
    const counts = kinds.map(() => 0);
    this.codes.forEach(code => counts[kindOf(code)]++);
    this.canvas.setAttribute('aria-label', 'map of physical memory, arrow keys choose a cell, Enter opens it: '
      + kinds.flatMap(([, , name], kind) => counts[kind] === 0 ? [] : [`${name} ${count(counts[kind])}`]).join(', '));
    this.legend.replaceChildren(...kinds.flatMap(([key, , name], kind) => {
      if (counts[kind] === 0) {
        return [];
      }

      const entry = document.createElement('span');
      const swatch = document.createElement('i');
      swatch.className = 'square';
      swatch.style.background = colour(key);
      entry.dataset.kind = kind;
      entry.append(swatch, `${name}: ${count(counts[kind])}`);
      return [entry];
    }));
  }

  cellAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const row = this.layout.rows[Math.floor((event.clientY - box.top) / this.layout.size)];
    const column = Math.floor((event.clientX - box.left - labelWidth) / this.layout.size);
    return row && column >= 0 && column < row.cells ? row.first + column : -1;
  }

  describe(cell) {
    const row = this.layout.rows.find(row => cell >= row.first && cell < row.first + row.cells);
    if (!row) {
      this.note.textContent = '\u00a0';
      return;
    }

    const base = row.base + (cell - row.first) * this.shape.cellBytes;
    const code = this.codes[cell];
    const used = fillWords[fillOf(code)];
    this.note.textContent = `[${hex(base)}, ${hex(base + this.shape.cellBytes)}): ${kinds[kindOf(code)][2]}`
      + (used ? `; ${used} is used` : '');
  }

  choose(cell) {
    this.cursor = cell;
    this.repaint();
    if (cell >= 0) {
      this.chosen(cell);
    }
  }

  repaint() {
    const context = this.canvas.getContext('2d');
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.paint(context);
    this.describe(this.cursor);
  }

  key(event) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.layout.columns, ArrowDown: this.layout.columns };
    if (event.key in steps) {
      this.cursor = Math.max(0, Math.min(this.codes.length - 1, this.cursor < 0 ? 0 : this.cursor + steps[event.key]));
      this.repaint();
    } else if (event.key === 'Enter' && this.cursor >= 0) {
      this.chosen(this.cursor);
    } else {
      return;
    }

    event.preventDefault();
    event.stopPropagation();
  }
}

export const rangeOf = (shape, cell) => {
  let first = 0;
  for (const run of shape.runs) {
    if (cell < first + run.cells) {
      const base = run.base + (cell - first) * shape.cellBytes;
      return `[${hex(base)}, ${hex(base + shape.cellBytes)}), ${bytes(shape.cellBytes)}`;
    }

    first += run.cells;
  }

  return '';
};

function paletteOf() {
  return kinds.flatMap(([key, empty]) => strength.map(share => mix(colour(empty), colour(key), share)));
}

function mix(from, to, share) {
  const parts = text => [1, 3, 5].map(at => parseInt(text.slice(at, at + 2), 16));
  const [one, other] = [parts(from), parts(to)];
  return `rgb(${one.map((value, at) => Math.round(value + (other[at] - value) * share)).join(',')})`;
}
