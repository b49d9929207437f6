// A slider over the moments of one or two designs. A film is { timeUnit, mebibytes, shape, designs: [{ name, storage, course, ... }], open }.
import { axisNumber, count } from './numbers.js';
import { element } from './dom.js';
import { Pane } from './pane.js';
import { Strip } from './strip.js';
import { onTheme } from './theme.js';

const playMs = 110;
const narrow = 760;

export class Player {
  constructor(root, film) {
    Object.assign(this, { root, film, time: Infinity, exact: null, timer: 0, failure: -1, times: [0] });
    this.play = element('button', { type: 'button', title: 'Space' }, '\u25b6 play');
    this.slider = element('input', { type: 'range', min: 0, max: 0, step: 1, value: 0, 'aria-label': 'moment' });
    this.clock = element('output', {});
    this.strip = new Strip(element('canvas', { role: 'img', class: 'strip' }), time => this.seek(time));
    this.key = element('p', { class: 'note key' });
    this.jumps = element('p', { class: 'jumps' });
    this.told = element('p', { class: 'note told', 'aria-live': 'polite' }, '\u00a0');
    this.panes = [0, 1].map(index => new Pane(film, index, () => {
      this.isChosen = true;
      this.exact = null;
      this.draw();
    }));
    this.box = element('div', { class: 'panes' }, ...this.panes.map(pane => pane.root));
    root.replaceChildren(element('div', { class: 'controls' }, this.play, this.slider, this.clock), this.strip.canvas, this.key, this.jumps,
      this.told, this.box);
    this.play.addEventListener('click', () => this.toggle());
    this.slider.addEventListener('input', () => this.seek(this.times[this.slider.value]));
    root.addEventListener('keydown', event => this.press(event));
    // Where there is nothing but the player, keys need not look for it.
    if (film.open) {
      document.addEventListener('keydown', event => event.target === document.body && this.press(event));
    }

    onTheme(() => this.draw());
    this.choose();
  }

  /** Designs to begin with: the best, and on a wide screen another beside it. */
  choose(name = this.film.best) {
    this.panes.forEach(pane => pane.fill());
    const [first, second] = this.panes;
    const { designs } = this.film;
    first.select.value = designs.some(design => design.name === name) ? name : designs[0]?.name ?? '';
    if (second.select.value === '' && window.innerWidth >= narrow) {
      second.select.value = (designs.find(design => !design.bound && design.name !== first.select.value)
        ?? designs.find(design => design.name !== first.select.value))?.name ?? '';
    }

    this.draw();
  }

  /** All has run: who has not looked around yet sees the best design at its worst moment. */
  finish() {
    const isUntouched = this.time === Infinity && this.exact === null;
    this.panes.forEach(pane => pane.fill());
    if (isUntouched && !this.isChosen) {
      this.choose();
    }

    this.draw();
    if (isUntouched && !this.timer) {
      this.toMark(0, 'least given back');
    }
  }

  courses() {
    return this.panes.map(pane => pane.design?.course).filter(course => course && course.moments.length > 0);
  }

  draw() {
    const courses = this.courses();
    this.times = [...new Set(courses.flatMap(course => course.moments.map(moment => moment.time)))].sort((a, b) => a - b);
    if (this.times.length === 0) {
      return;
    }

    const end = this.film.end ?? this.times.at(-1);
    const time = Math.max(this.times[0], Math.min(this.time, this.times.at(-1)));
    const at = this.times.findLastIndex(other => other <= time);
    this.slider.max = this.times.length - 1;
    this.slider.value = at;
    this.clock.textContent = `${axisNumber(this.times[at])} ${this.film.timeUnit}`;
    this.slider.setAttribute('aria-valuetext', this.clock.textContent);
    const width = Math.max(280, this.root.clientWidth);
    const isSplit = this.panes[1].design !== null && width >= narrow;
    this.box.classList.toggle('split', isSplit);
    const paneWidth = Math.min(1200, isSplit ? Math.floor((width - 24) / 2) : width);
    this.panes.forEach((pane, index) => pane.show(time, this.exact?.pane === index ? this.exact.moment : null, paneWidth,
      this.time === Infinity && this.exact === null));
    const most = this.strip.draw(courses, end, time, width, this.film.mebibytes);
    this.drawKey(most);
    this.drawJumps();
  }

  drawKey({ reserved, tagged }) {
    const line = key => {
      const mark = element('i', { class: 'line' });
      mark.style.borderColor = `var(--${key})`;
      return mark;
    };
    const size = pages => `${axisNumber(this.film.mebibytes(pages))} MiB`;
    this.key.replaceChildren(line('storage-reserved'), `reserved for tags, to ${size(reserved)}\u2003`, line('tagged'), `tagged, to ${size(tagged)}`
      + `\u2003\u25bc worst moments\u2003`, element('span', { class: 'failed' }, '\u2502'), ' failures'
      + (this.courses().length > 1 ? '\u2003dashed: the second design' : ''));
  }

  drawJumps() {
    const jump = (text, key, go) => {
      const button = element('button', { type: 'button', title: key }, text);
      button.addEventListener('click', go);
      return button;
    };
    const parts = this.panes.flatMap((pane, index) => {
      const { course, design } = pane;
      if (!course || course.moments.length === 0) {
        return [];
      }

      const kept = course.failures.length;
      const buttons = [
        ...course.marks.map(mark => jump(mark.kind, index === 0 ? mark.kind[0] === 'm' ? 'o' : mark.kind === 'least free' ? 'l' : 'w' : '',
          () => this.toMark(index, mark.kind))),
        ...kept === 0 ? [] : [jump('\u2039 failure', index === 0 ? 'p' : '', () => this.toFailure(index, -1)),
          jump('failure \u203a', index === 0 ? 'n' : '', () => this.toFailure(index, 1))],
      ];
      return buttons.length === 0 ? [] : [element('span', { class: 'group' }, `${design.name}: `, ...buttons)];
    });
    if (parts.length > 0 && this.jumps.dataset.of !== parts.map(part => part.textContent).join()) {
      this.jumps.dataset.of = parts.map(part => part.textContent).join();
      this.jumps.replaceChildren(...parts);
    }
  }

  seek(time) {
    Object.assign(this, { time: time >= this.times.at(-1) ? Infinity : time, exact: null });
    this.told.textContent = '\u00a0';
    this.draw();
  }

  toMark(pane, kind) {
    const { course } = this.panes[pane];
    const mark = course?.marks.find(other => other.kind === kind);
    if (mark) {
      this.go(pane, mark.moment, `${this.panes[pane].design.name}: ${kind}, at ${axisNumber(course.moments[mark.moment].time)} ${this.film.timeUnit}`);
    }
  }

  toFailure(pane, step) {
    const { course, design } = this.panes[pane];
    const all = course?.failures ?? [];
    if (all.length === 0) {
      return;
    }

    this.failure = (this.failure + step + all.length) % all.length;
    const { moment, time, kind, pfn, order, reason } = all[this.failure];
    const total = Object.values(course.failureCounts).reduce((sum, times) => sum + times, 0);
    this.go(pane, moment, `${design.name}, failure ${this.failure + 1} of ${count(all.length)} kept, ${count(total)} in all: ${kind} at `
      + `${axisNumber(time)} ${this.film.timeUnit}, ${pfn ? `pfn ${pfn}, ` : ''}order ${order}: ${reason}`);
  }

  go(pane, moment, text) {
    this.stop();
    this.time = this.panes[pane].course.moments[moment].time;
    this.exact = { pane, moment };
    this.told.textContent = text;
    this.draw();
  }

  toggle() {
    if (this.timer) {
      this.stop();
      return;
    }

    if (Number(this.slider.value) >= this.times.length - 1) {
      this.seek(this.times[0]);
    }

    this.play.textContent = '\u2759\u2759 pause';
    this.timer = setInterval(() => {
      const next = Number(this.slider.value) + 1;
      this.seek(this.times[Math.min(next, this.times.length - 1)]);
      if (next >= this.times.length - 1) {
        this.stop();
      }
    }, playMs);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.play.textContent = '\u25b6 play';
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === 'SELECT') {
      return;
    }

    const actions = {
      ' ': () => event.target.tagName === 'BUTTON' || this.toggle(),
      w: () => this.toMark(0, 'least given back'),
      o: () => this.toMark(0, 'most reserved over the ideal'),
      l: () => this.toMark(0, 'least free'),
      n: () => this.toFailure(0, 1),
      p: () => this.toFailure(0, -1),
    };
    if (event.key in actions && actions[event.key]() !== true) {
      event.preventDefault();
    }
  }
}
