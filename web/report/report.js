// Draws the pictures of the HTML report from the numbers in #report-data. Bundled by build.sh; no network, no eval.
import { sortable } from './tables.js';
import { TimeLines } from './timelines.js';
import { BlockFill } from './blockfill.js';
import { MemoryMap } from './memorymap.js';
import { Course } from './course.js';
import { Player } from './player.js';
import { onTheme } from './theme.js';

const report = JSON.parse(document.getElementById('report-data').textContent);
report.mebibytes = pages => pages * report.pageBytes / 1048576;
report.designs.forEach((design, index) => {
  design.index = index;
  design.givenBack = design.reserved.map(reserved => design.storage - reserved);
});

document.querySelectorAll('table.sortable').forEach(sortable);

if (report.designs.length > 0) {
  start();
}

function start() {
  const select = document.getElementById('design');
  const timeLines = new TimeLines(report);
  const fill = new BlockFill(report);
  const player = report.shape ? playerOf(report) : null;
  const map = player ? null : new MemoryMap(report);
  const chosen = () => report.designs[select.selectedIndex];

  const draw = () => {
    timeLines.draw(chosen());
    fill.draw();
    map?.draw(chosen());
  };
  select.addEventListener('change', () => {
    timeLines.draw(chosen());
    map?.draw(chosen());
    player?.choose(chosen().name);
  });
  document.getElementById('whole').addEventListener('click', () => timeLines.showWhole());
  onTheme(draw);
  draw();
}

function playerOf(film) {
  film.designs.forEach(design => {
    design.course = design.course ? new Course(film.shape, design.course) : null;
  });
  const player = new Player(document.getElementById('player'), film);
  player.finish();
  return player;
}
