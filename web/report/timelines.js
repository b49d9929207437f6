import * as echarts from 'echarts/core';
import { LineChart } from 'echarts/charts';
import {
  AriaComponent, AxisPointerComponent, DataZoomComponent, GridComponent, MarkLineComponent, TitleComponent, TooltipComponent,
} from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
import { colour, designColour, font, widthOf } from './theme.js';
import { axisNumber, decimals, escape } from './numbers.js';
import { lineSeries, margins, place, scale, timeAxis, title, valueAxis } from './panels.js';

echarts.use([
  LineChart, AriaComponent, AxisPointerComponent, DataZoomComponent, GridComponent, MarkLineComponent, TitleComponent, TooltipComponent,
  SVGRenderer,
]);

/** Pictures above each other with one time axis: what all designs give back, then the particulars of one design. */
export class TimeLines {
  constructor(report) {
    this.report = report;
    this.element = document.getElementById('timeline-chart');
    this.hidden = new Set();
    this.zoom = { start: 0, end: 100 };
    this.chart = null;
    this.fits = true;
    this.fitButton = document.getElementById('fit');
    this.fitButton.addEventListener('click', () => {
      this.fits = !this.fits;
      this.draw(this.design);
    });
  }

  draw(design) {
    this.design = design;
    this.drawLegend();
    this.fitButton.textContent = this.fits ? 'given back: axis from 0' : 'given back: fit the axis';
    this.chart?.dispose();
    const width = widthOf(this.element);
    const panels = this.panels();
    const height = place(panels, width);
    this.element.style.width = `${width}px`;
    this.element.style.height = `${height}px`;
    this.chart = echarts.init(this.element, null, { renderer: 'svg', width, height });
    this.chart.setOption(this.option(panels, width));
    this.chart.on('datazoom', () => {
      const { start, end } = this.chart.getOption().dataZoom[0];
      this.zoom = { start, end };
    });
  }

  showWhole() {
    this.zoom = { start: 0, end: 100 };
    this.chart.dispatchAction({ type: 'dataZoom', start: 0, end: 100 });
  }

  drawLegend() {
    const legend = document.getElementById('overlay-legend');
    legend.replaceChildren(...this.report.designs.map(design => {
      const button = document.createElement('button');
      const isShown = !this.hidden.has(design.index);
      button.type = 'button';
      button.setAttribute('aria-pressed', isShown);
      const swatch = document.createElement('i');
      swatch.className = design.bound ? 'line dashed' : 'line';
      swatch.style.borderColor = designColour(this.report, design);
      button.append(swatch, design.name);
      button.addEventListener('click', () => {
        this.hidden[isShown ? 'add' : 'delete'](design.index);
        this.draw(this.design);
      });
      button.addEventListener('pointerenter', () => this.chart.dispatchAction({ type: 'highlight', seriesName: design.name }));
      button.addEventListener('pointerleave', () => this.chart.dispatchAction({ type: 'downplay', seriesName: design.name }));
      return button;
    }));
  }

  panels() {
    const { report, design } = this;
    const size = pages => report.mebibytes(pages);
    const area = (name, key, values) => ({ name, colour: colour(key), values: values.map(size), stack: 'storage' });
    const free = design.givenBack.map((givenBack, at) => givenBack - design.used[at]);
    const perSecond = report.timeUnit === 's';
    return [
      this.overview(size),
      {
        title: `${design.name}: tag storage`, unit: 'MiB', height: 190, digits: 2, ...scale(0, size(design.storage)), keys: true,
        series: [
          area('reserved for tags', 'storage-reserved', design.reserved),
          area('used as data', 'storage-used', design.used),
          area('free', 'storage-free', free),
        ],
        ...this.least(),
      },
      { title: `${design.name}: tagged pages`, unit: 'MiB', height: 100, digits: 2, series: [line('tagged pages', 'tagged', design.tagged.map(size))] },
      {
        title: `${design.name}: block fill`, unit: 'of 32', notes: ['tagged pages for each reserved page of storage'], height: 100, digits: 1, min: 0, max: 32, interval: 8,
        series: [line('block fill', 'fill', design.tagged.map((tagged, at) => design.reserved[at] === 0 ? null : tagged / design.reserved[at]))],
      },
      {
        title: `${design.name}: pages migrated`, unit: perSecond ? 'pages/s' : 'pages for each sample', height: 100, digits: 0,
        series: [{ ...line('migrated', 'storage-used', rate(design.migrated, report.time, perSecond)), step: 'start' }],
        ...design.migrated.at(-1) === 0 ? { empty: 'no page was migrated', max: 1, interval: 1 } : {},
      },
      { title: `${design.name}: free memory, all zones`, unit: 'MiB', height: 100, digits: 1, series: [line('free memory', 'free', design.free.map(size))] },
    ];
  }

  least() {
    const { design, report } = this;
    return design.bound || design.storage === 0 ? {} : {
      mark: design.givenBackMinTime,
      notes: [`{m|┊}\u00a0least given back: ${decimals(report.mebibytes(design.givenBackMin), 2)} MiB at ${axisNumber(design.givenBackMinTime)} ${report.timeUnit}`],
    };
  }

  // Designs often differ by a few per cent of the carve-out, while two of them give back nothing: those may leave the picture.
  overview(size) {
    const shown = this.report.designs.filter(design => !this.hidden.has(design.index));
    const lows = shown.filter(design => !design.bound).map(design => Math.min(...design.givenBack)).filter(low => low > 0);
    const top = Math.max(...this.report.designs.map(design => design.storage));
    const axis = scale(size(this.fits && lows.length > 0 ? Math.min(...lows) : 0), size(top));
    const below = shown.filter(design => size(Math.min(...design.givenBack)) < axis.min).map(design => design.name);
    return {
      title: 'Given back by each design', unit: 'MiB', height: 250, digits: 2, ...axis,
      notes: axis.min === 0 ? [] : [`axis from ${axisNumber(axis.min)}`, ...below.length > 0 ? [`below it: ${below.join(', ')}`] : []],
      series: shown.map(design => ({
        name: design.name,
        colour: designColour(this.report, design),
        values: design.givenBack.map(size),
        width: design === this.design ? 2.6 : 1.3,
        dashed: design.bound,
        front: design === this.design,
      })),
    };
  }

  option(panels, width) {
    const { time } = this.report;
    const margin = margins(width);
    const text = { fontFamily: font, fontSize: 11, color: colour('muted') };
    return {
      animation: false,
      aria: { enabled: true, label: { description: this.words() } },
      textStyle: { fontFamily: font },
      title: panels.map(panel => title(panel, text, margin)),
      grid: panels.map(panel => ({ left: margin.left, right: margin.right, top: panel.top, height: panel.height, outerBoundsMode: 'none' })),
      xAxis: panels.map((panel, index) => timeAxis(panel, index, index === panels.length - 1, time, this.report.timeUnit, text)),
      yAxis: panels.map((panel, index) => valueAxis(panel, index, text)),
      axisPointer: { link: [{ xAxisIndex: 'all' }], triggerEmphasis: false, lineStyle: { color: colour('muted') } },
      tooltip: {
        trigger: 'axis', confine: true, transitionDuration: 0, padding: [6, 8],
        backgroundColor: colour('page'), borderColor: colour('rule'), textStyle: { ...text, color: colour('ink') },
        formatter: hits => this.tooltip(panels, hits),
      },
      dataZoom: [
        { type: 'slider', xAxisIndex: panels.map((_, index) => index), bottom: 6, height: 22, left: margin.left, right: margin.right,
          ...this.zoom, filterMode: 'none', showDetail: false, showDataShadow: false, brushSelect: true, borderColor: colour('rule'), backgroundColor: 'transparent',
          fillerColor: colour('tint-strong'), handleStyle: { color: colour('page'), borderColor: colour('muted') },
          moveHandleStyle: { color: colour('muted'), opacity: 0.4 } },
        { type: 'inside', xAxisIndex: panels.map((_, index) => index), ...this.zoom, filterMode: 'none', zoomOnMouseWheel: 'shift', moveOnMouseWheel: false },
      ],
      series: panels.flatMap((panel, index) => panel.series.map(entry => lineSeries(entry, panel, index, time, text))),
    };
  }

  // For who does not see the pictures: the ends of the scale, and where the figures stand.
  words() {
    const { design, report } = this;
    const size = pages => `${decimals(report.mebibytes(pages), 2)} MiB`;
    return `Over time, ${axisNumber(report.time.at(-1) ?? 0)} ${report.timeUnit}: what ${report.designs.length} designs give back. ${design.name} gives back `
      + `between ${size(Math.min(...design.givenBack))} and ${size(Math.max(...design.givenBack))}; tagged at most ${size(Math.max(...design.tagged))}. `
      + 'The tables on this page have the figures of all.';
  }

  tooltip(panels, hits) {
    const at = hits[0].dataIndex;
    const row = (panel, entry) => entry.values[at] === null ? '' :
      `<tr><td><i class="dot" style="background:${entry.colour}"></i>${escape(entry.name)}</td>`
      + `<td class="number">${decimals(entry.values[at], panel.digits)} ${panel.unit}</td></tr>`;
    const overlay = [...panels[0].series].sort((a, b) => b.values[at] - a.values[at]);
    const rest = panels.slice(1).flatMap(panel => panel.series.map(entry => row(panel, entry)));
    return `<div class="tip"><b>${axisNumber(this.report.time[at])} ${this.report.timeUnit}</b>`
      + `<table>${overlay.map(entry => row(panels[0], entry)).join('')}<tr><td colspan="2" class="part">${escape(this.design.name)}</td></tr>${rest.join('')}</table></div>`;
  }
}

function line(name, key, values) {
  return { name, colour: colour(key), values, filled: true };
}

function rate(totals, time, perSecond) {
  return totals.map((total, at) => at === 0 ? 0 : (total - totals[at - 1]) / (perSecond ? time[at] - time[at - 1] : 1));
}
