// The page that follows sweeps: draws anew what the server tells, a few times a second.
import { element } from './dom.js';
import { count, decimals } from './numbers.js';

const state = document.getElementById('state');
const sweeps = document.getElementById('sweeps');
const tables = document.getElementById('so-far');
const socket = new WebSocket(`ws://${location.host}/film`);

socket.addEventListener('message', event => {
  const message = JSON.parse(event.data);
  if (message.kind === 'look') {
    state.textContent = message.sweeps.length > 0 ? words(message.sweeps) : 'no sweep has said anything yet';
    sweeps.replaceChildren(...message.sweeps.map(drawSweep));
    tables.replaceChildren(...message.tables.filter(table => table.rows.length > 0).flatMap(drawTable));
  }
});
socket.addEventListener('close', () => { state.textContent += '; the program that serves this page has ended'; });

const words = all => {
  const running = all.filter(sweep => sweep.state === 'running').length;
  return running > 0 ? `${count(running)} of ${count(all.length)} running` : all.every(sweep => sweep.state === 'done') ? 'done' : 'stopped';
};

const time = seconds => seconds === null ? '-' : seconds < 120 ? `${count(seconds)} s`
  : seconds < 7200 ? `${count(seconds / 60)} min` : `${decimals(seconds / 3600, 1)} h`;

function drawSweep(sweep) {
  const figures = [
    ['done', `${count(sweep.done)} of ${count(sweep.cells)}`, sweep.done],
    ['rate', `${decimals(sweep.rate, 1)} cells a second`, sweep.rate],
    ['left', sweep.state === 'running' ? time(sweep.left) : '-', sweep.left],
    ['in flight', sweep.state === 'running' ? count(sweep.inFlight) : '-', sweep.inFlight],
    ['refused', count(sweep.refused), sweep.refused],
    ['set aside', count(sweep.setAside), sweep.setAside],
  ];
  const bar = element('progress', { max: sweep.cells, value: sweep.done, 'aria-label': `${sweep.name}: cells done`, style: 'width: 100%' });
  return element('section', { 'data-sweep': sweep.name, 'data-state': sweep.state },
    element('h2', {}, sweep.name, ' ', element('span', { class: sweep.state === 'stopped' ? 'alarm' : 'note' }, sweep.state)), bar,
    element('dl', { class: 'facts' }, ...figures.map(([name, text, value]) => element('div', {}, element('dt', {}, name),
      element('dd', { 'data-figure': name, 'data-value': value ?? '' }, text)))));
}

function drawTable(table) {
  const body = table.rows.map(row => element('tr', { 'data-design': row[0] }, element('th', { scope: 'row' }, row[0]),
    ...row.slice(1).map(text => element('td', {}, text))));
  return [element('h2', {}, table.title), element('div', { class: 'scroll' }, element('table', { class: 'plain' },
    element('thead', {}, element('tr', {}, ...table.columns.map(column => element('th', { scope: 'col' }, column)))),
    element('tbody', {}, ...body)))];
}
