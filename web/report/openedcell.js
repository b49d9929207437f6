// The pages of one cell: a row of 32 for each page of tag storage, and that page behind them.
import { count } from './numbers.js';
import { element } from './dom.js';
import { colour, font } from './theme.js';

// In the order of PageUse.
const uses = [
  ['absent', 'no memory'], ['ram-free', 'free'], ['ram-used', 'in use'], ['tagged', 'tagged'], ['storage-free', 'free'],
  ['storage-used', 'used as data'], ['storage-reserved', 'reserved for tags'], ['kept', 'kept since boot'],
];
const size = 9;
const gap = 12;

export class OpenedCell {
  constructor() {
    this.title = element('h3', {});
    this.canvas = element('canvas', { role: 'img' });
    this.note = element('p', { class: 'note' });
    this.root = element('div', { class: 'opened' }, this.title, element('div', { class: 'scroll' }, this.canvas), this.note);
    this.canvas.addEventListener('mousemove', event => this.describe(event));
    this.clear();
  }

  clear() {
    this.blocks = null;
    this.moment = null;
    this.key = null;
    this.isWaiting = false;
    [this.title, this.canvas, this.note].forEach(part => { part.style.display = 'none'; });
  }

  wait(range, moment, cell, key) {
    const isSame = this.blocks !== null && this.cell === cell;
    Object.assign(this, { range, moment, cell, key, isWaiting: true });
    // Who follows a run keeps what is seen until there is more.
    if (!isSame) {
      this.say(`${range}: running up to this moment\u2026`);
    }
  }

  refuse(text) {
    this.clear();
    this.say(text);
  }

  say(text) {
    this.note.style.display = '';
    this.note.textContent = text;
  }

  /** What was opened of another design or moment is no longer so: it is asked for again where a run is followed, else it closes. */
  stale(key, again) {
    if (this.key === null || this.key === key) {
      return;
    }

    if (!again) {
      this.clear();
    } else if (!this.isWaiting) {
      again(this.cell);
    }
  }

  draw({ moment, cell, blocks, failed }) {
    if (moment !== this.moment || cell !== this.cell) {
      return;
    }

    this.isWaiting = false;
    if (failed) {
      this.refuse(failed);
      return;
    }

    this.blocks = blocks;
    [this.title, this.canvas, this.note].forEach(part => { part.style.display = ''; });
    this.title.textContent = `Pages of ${this.range}`;
    const width = 33 * size + gap + 96;
    const height = blocks.length * size + 2;
    const scale = window.devicePixelRatio || 1;
    Object.assign(this.canvas, { width: width * scale, height: height * scale });
    Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    const context = this.canvas.getContext('2d');
    context.scale(scale, scale);
    context.font = `9px ${font}`;
    context.textBaseline = 'top';
    blocks.forEach((block, row) => this.row(context, block, row * size));
    const tagged = blocks.reduce((sum, block) => sum + block.pages.filter(use => use === 3).length, 0);
    const reserved = blocks.filter(block => block.storage === 6).length;
    this.canvas.dataset.tagged = tagged;
    this.canvas.dataset.reserved = reserved;
    this.canvas.setAttribute('aria-label', `${count(tagged)} tagged pages, ${count(reserved)} of ${count(blocks.length)} tag pages reserved`);
    this.say(`A row is 32 pages; behind it the page of tag storage that holds their tags. ${this.canvas.getAttribute('aria-label')}.`);
  }

  row(context, block, y) {
    const paint = (use, x) => {
      context.fillStyle = colour(uses[use][0]);
      context.fillRect(x, y, size - 1, size - 1);
    };
    block.pages.forEach((use, page) => paint(use, page * size));
    if (block.storagePfn) {
      paint(block.storage, 32 * size + gap);
      context.fillStyle = colour('muted');
      context.fillText(`${block.storagePfn}`, 33 * size + gap + 6, y);
    }
  }

  describe(event) {
    const box = this.canvas.getBoundingClientRect();
    const block = this.blocks?.[Math.floor((event.clientY - box.top) / size)];
    const page = Math.floor((event.clientX - box.left) / size);
    if (block && page < block.pages.length) {
      this.say(`page 0x${(block.pfn + page).toString(16)}: ${uses[block.pages[page]][1]}`
        + (block.storagePfn ? `; its tag page ${block.storagePfn} is ${uses[block.storage][1]}, ${count(block.tagged)} tagged pages refer to its block` : ''));
    }
  }
}
