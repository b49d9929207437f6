// One design at one moment: figures, map, free lists, and the pages of a cell that was opened.
import { CourseMap, rangeOf } from './coursemap.js';
import { axisNumber, count, decimals } from './numbers.js';
import { OpenedCell } from './openedcell.js';
import { element } from './dom.js';
import { colour } from './theme.js';

const rows = [
  ['given', 'given back'], ['reserved', 'reserved for tags'], ['tagged', 'tagged'], ['lent', 'tag storage used as data'], ['free', 'free'],
];

export class Pane {
  constructor(film, index, changed) {
    Object.assign(this, { film, index, at: 0, course: null });
    this.select = element('select', { 'aria-label': index === 0 ? 'design' : 'design beside it' });
    this.select.addEventListener('change', changed);
    this.figures = element('dl', { class: 'facts figures' });
    this.whole = element('p', { class: 'note whole' });
    this.canvas = element('canvas', { tabindex: 0, role: 'img', class: 'cells' });
    this.note = element('p', { class: 'note cell' }, '\u00a0');
    this.legend = element('div', { class: 'legend' });
    this.lists = element('table', { class: 'lists' });
    this.opened = new OpenedCell();
    this.root = element('article', { class: 'pane', 'aria-label': index === 0 ? 'first design' : 'second design' },
      element('p', {}, this.select), this.whole, this.figures, this.legend, this.canvas, this.note, this.opened.root,
      element('div', { class: 'scroll' }, this.lists));
    this.map = new CourseMap(film.shape, this, cell => this.open(cell));
    this.fill();
  }

  /** Names of the designs, and none for the second. */
  fill() {
    const chosen = this.select.value;
    this.select.replaceChildren(...this.index === 0 ? [] : [element('option', { value: '' }, 'no second design')],
      ...this.film.designs.map(design => element('option', { value: design.name }, design.name)));
    this.select.value = chosen;
    if (this.index === 0 && this.select.selectedIndex < 0) {
      this.select.selectedIndex = 0;
    }
  }

  get design() {
    return this.film.designs.find(design => design.name === this.select.value && design.course) ?? null;
  }

  /** What is seen: which design, when. A moment keeps its time when the whole course takes the place of what was told. */
  get key() {
    return `${this.design.name} ${this.course.moments[this.at].time}`;
  }

  show(time, exact, width, isFollowing) {
    const { design } = this;
    this.root.classList.toggle('empty', design === null);
    [this.figures, this.canvas, this.legend, this.lists, this.whole, this.note, this.opened.root]
      .forEach(part => { part.hidden = design === null || design.course.moments.length === 0; });
    this.course = design?.course ?? null;
    if (this.figures.hidden) {
      return;
    }

    this.at = exact ?? this.course.at(time);
    const state = this.course.state(this.at);
    this.map.draw(state.codes, width);
    this.drawFigures(design, this.course.moments[this.at]);
    this.drawLists(state.chunks);
    this.opened.stale(this.key, isFollowing && !design.isWhole && this.film.open ? cell => this.open(cell) : null);
  }

  drawFigures(design, moment) {
    const size = pages => `${decimals(this.film.mebibytes(pages), 2)} MiB`;
    const given = this.course.keepsAll ? 0 : design.storage - moment.reserved;
    const values = { ...moment, given };
    // Blocks, as the tables count them: one may have several pages.
    const ideal = moment.blocks === 0 ? 0 : Math.ceil(moment.tagged / (32 * moment.reserved / moment.blocks));
    const over = ideal === 0 ? '' : moment.blocks / ideal;
    const pair = (key, name, text, value) => element('div', {}, element('dt', {}, name), element('dd', { 'data-figure': key, 'data-value': value }, text));
    this.figures.replaceChildren(
      pair('time', 'moment', `${axisNumber(moment.time)} ${this.film.timeUnit}`, moment.time),
      ...rows.map(([key, name]) => pair(key, name, size(values[key]), values[key])),
      pair('over', 'reserved over the ideal', over === '' ? '\u2013' : decimals(over, 2), over),
      pair('migrated', 'pages moved for tags so far', count(moment.migrated), moment.migrated));
    const failures = Object.entries(this.course.failureCounts).map(([kind, times]) => `${kind} ${count(times)}`);
    this.whole.textContent = (design.givenBackMean === undefined ? 'running' :
      `Given back: ${size(design.givenBackMean)} on average, ${size(design.givenBackMin)} at least, at ${axisNumber(design.givenBackMinTime)} ${this.film.timeUnit}`)
      + (failures.length > 0 ? `; ${failures.join(', ')}` : '');
  }

  drawLists(chunks) {
    const { orders, types } = this.film.shape;
    const most = Math.max(1, ...chunks);
    const cell = value => {
      const part = element('td', {}, value === 0 ? '\u00b7' : count(value));
      if (value > 0) {
        part.style.background = `color-mix(in srgb, ${colour('free')} ${Math.round(12 + 50 * Math.log(1 + value) / Math.log(1 + most))}%, transparent)`;
      }

      return part;
    };
    this.lists.replaceChildren(element('caption', {}, 'Free chunks by order (across) and migratetype'),
      element('thead', {}, element('tr', {}, element('th', {}, ''), ...Array.from({ length: orders }, (_, order) => element('th', { scope: 'col' }, order)))),
      element('tbody', {}, ...types.flatMap((type, index) => {
        const counts = chunks.slice(index * orders, (index + 1) * orders);
        return counts.some(value => value > 0) ? [element('tr', {}, element('th', { scope: 'row' }, type), ...counts.map(cell))] : [];
      })));
  }

  open(cell) {
    const design = this.film.designs.indexOf(this.design);
    if (this.film.open) {
      this.opened.wait(rangeOf(this.film.shape, cell), this.at, cell, this.key);
      this.film.open(this.index, design, this.at, cell);
    }
  }
}
