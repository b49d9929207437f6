// Reserved and tagged memory over the whole run, behind the slider: a click goes there.
import { decimals } from './numbers.js';
import { colour } from './theme.js';

const height = 74;
const top = 12;

export class Strip {
  constructor(canvas, seek) {
    this.canvas = canvas;
    const go = event => {
      if (event.buttons === 1) {
        const box = canvas.getBoundingClientRect();
        seek(this.from + (this.to - this.from) * Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)));
      }
    };
    canvas.addEventListener('pointerdown', go);
    canvas.addEventListener('pointermove', go);
  }

  /** Courses of one or two designs, the second dashed. */
  draw(courses, end, time, width, mebibytes) {
    const scale = window.devicePixelRatio || 1;
    Object.assign(this.canvas, { width: width * scale, height: height * scale });
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    const context = this.canvas.getContext('2d');
    context.scale(scale, scale);
    this.from = courses[0]?.moments[0]?.time ?? 0;
    this.to = Math.max(end, this.from + 1e-9);
    const most = key => Math.max(1, ...courses.filter(course => !course.keepsAll || courses.length === 1)
      .flatMap(course => course.moments.map(moment => moment[key])));
    const [reserved, tagged] = [most('reserved'), most('tagged')];
    courses.forEach((course, index) => {
      context.setLineDash(index === 0 ? [] : [5, 3]);
      this.line(context, course, 'reserved', reserved, width, index === 0);
      this.line(context, course, 'tagged', tagged, width, false);
    });
    context.setLineDash([]);
    courses.forEach((course, index) => this.marks(context, course, width, index));
    const x = this.x(time, width);
    context.fillStyle = colour('ink');
    context.fillRect(x - 0.75, 0, 1.5, height);
    this.canvas.setAttribute('aria-label',
      `over time: reserved for tags, at most ${decimals(mebibytes(reserved), 2)} MiB, and tagged, at most ${decimals(mebibytes(tagged), 2)} MiB`);
    return { reserved, tagged };
  }

  x(time, width) {
    return (time - this.from) / (this.to - this.from) * width;
  }

  line(context, course, key, most, width, isFilled) {
    const y = value => height - 6 - Math.min(1, value / most) * (height - 6 - top);
    context.beginPath();
    course.moments.forEach((moment, index) => {
      const x = this.x(moment.time, width);
      if (index > 0) {
        context.lineTo(x, y(course.moments[index - 1][key]));
      }

      context.lineTo(x, y(moment[key]));
    });
    context.strokeStyle = colour(key === 'reserved' ? 'storage-reserved' : 'tagged');
    context.lineWidth = 1.5;
    context.stroke();
    if (isFilled && course.moments.length > 0) {
      context.lineTo(this.x(course.moments.at(-1).time, width), height - 6);
      context.lineTo(this.x(course.moments[0].time, width), height - 6);
      context.globalAlpha = 0.25;
      context.fillStyle = colour('storage-reserved');
      context.fill();
      context.globalAlpha = 1;
    }
  }

  marks(context, course, width, index) {
    context.fillStyle = colour('alarm');
    course.failures.forEach(failure => context.fillRect(this.x(failure.time, width) - 0.5, height - 5, 1, 5));
    context.fillStyle = colour('ink');
    course.marks.forEach(({ moment }) => {
      const x = this.x(course.moments[moment].time, width);
      context.beginPath();
      context.moveTo(x - 4, index * 5);
      context.lineTo(x + 4, index * 5);
      context.lineTo(x, index * 5 + 6);
      context.fill();
    });
  }
}
