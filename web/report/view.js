// The page of a view: builds a film of what the server tells, and shows it while it grows.
import { Course } from './course.js';
import { element } from './dom.js';
import { axisNumber, count, decimals } from './numbers.js';
import { Player } from './player.js';

const state = document.getElementById('state');
const socket = new WebSocket(`ws://${location.host}/film`);
let film = null;
let player = null;
let due = 0;

socket.addEventListener('message', event => {
  const message = JSON.parse(event.data);
  tell[message.kind](message);
});
socket.addEventListener('close', () => {
  state.textContent += `${state.textContent ? '; ' : ''}the program that serves this page has ended`;
  if (film) {
    film.open = null;
  }
});

const tell = {
  start(message) {
    film = {
      ...message,
      mebibytes: pages => pages * message.pageBytes / 1048576,
      best: message.designs.find(design => !design.bound)?.name ?? message.designs[0]?.name,
      // Moments of a design that still runs are numbered as they were told.
      open: (pane, design, moment, cell) => socket.send(JSON.stringify({
        pane, design: film.designs[design].name, moment, cell, whole: film.designs[design].isWhole === true,
      })),
    };
    film.designs.forEach(design => { design.course = new Course(film.shape); });
    player = new Player(document.getElementById('player'), film);
    state.textContent = 'running';
  },

  moment({ design, moment }) {
    film.designs[design].course.add(moment);
    drawSoon();
  },

  design(message) {
    const design = film.designs.find(other => other.name === message.name);
    Object.assign(design, message, { course: new Course(film.shape, message.course), isWhole: true });
    drawSoon();
  },

  done({ best, unfit }) {
    film.designs = film.designs.filter(design => design.isWhole);
    film.best = best;
    state.textContent = 'has run to its end';
    document.getElementById('unfit').replaceChildren(...unfit.map(text => element('p', { class: 'note' }, text)));
    player.finish();
    drawTable();
  },

  failed({ reason }) {
    state.className = 'alarm';
    state.textContent = reason;
  },

  opened(message) {
    player.panes[message.pane]?.opened.draw(message);
  },
};

// Moments come faster than a screen is drawn.
function drawSoon() {
  if (due === 0) {
    due = requestAnimationFrame(() => {
      due = 0;
      player.draw();
      const running = film.designs.filter(design => !design.isWhole);
      const share = film.designs.reduce((sum, design) => sum + (design.isWhole ? 1 : (design.course.moments.at(-1)?.time ?? 0) / film.end), 0);
      if (running.length > 0) {
        state.textContent = `running, ${Math.floor(100 * share / film.designs.length)} %`;
      }
    });
  }
}

function drawTable() {
  const size = pages => element('td', { 'data-pages': pages }, decimals(film.mebibytes(pages), 2));
  const heads = ['design', 'given back, mean', 'least', `at, ${film.timeUnit}`, 'reserved, most', 'used as data, mean', 'failures'];
  document.getElementById('result').hidden = false;
  document.getElementById('figures').replaceChildren(
    element('caption', { class: 'note' }, 'MiB unless a heading says otherwise'),
    element('thead', {}, element('tr', {}, ...heads.map((head, at) => element('th', { scope: 'col', class: at === 0 ? 'name' : '' }, head)))),
    element('tbody', {}, ...film.designs.map(design => element('tr', { class: design.bound ? 'bound' : '', 'data-design': design.name },
      element('th', { scope: 'row', class: 'name' }, design.name), size(design.givenBackMean), size(design.givenBackMin),
      element('td', {}, axisNumber(design.givenBackMinTime)), size(design.reservedMax), size(design.usedMean),
      element('td', {}, count(Object.values(design.course.failureCounts).reduce((sum, times) => sum + times, 0)))))));
}
