import * as echarts from 'echarts/core';
import { BarChart } from 'echarts/charts';
import { colour, font, widthOf } from './theme.js';
import { axisNumber, count, decimals, escape } from './numbers.js';

echarts.use([BarChart]);

const cell = { height: 118, head: 24, foot: 26 };

/** A histogram of block fill for each design, all with the same axes. */
export class BlockFill {
  constructor(report) {
    this.report = report;
    this.element = document.getElementById('fill-chart');
  }

  draw() {
    this.chart?.dispose();
    const width = widthOf(this.element);
    const columns = Math.max(1, Math.min(4, Math.floor(width / 300)));
    const rows = Math.ceil(this.report.designs.length / columns);
    const height = rows * (cell.height + cell.head + cell.foot) + 18;
    this.element.style.width = `${width}px`;
    this.element.style.height = `${height}px`;
    this.chart = echarts.init(this.element, null, { renderer: 'svg', width, height });
    this.chart.setOption(this.option(width, columns));
  }

  option(width, columns) {
    const { designs } = this.report;
    const text = { fontFamily: font, fontSize: 11, color: colour('muted') };
    const most = Math.max(1, ...designs.flatMap(design => design.fill));
    const top = 10 ** Math.ceil(Math.log10(most + 1));
    const places = designs.map((_, index) => place(index, width, columns));
    return {
      animation: false,
      textStyle: { fontFamily: font },
      title: designs.map((design, index) => title(design, places[index], text)),
      grid: places.map(at => ({ left: at.left, top: at.top, width: at.width, height: cell.height, outerBoundsMode: 'none' })),
      xAxis: designs.map((_, index) => fillAxis(index, index + columns >= designs.length, text)),
      yAxis: designs.map((_, index) => blockAxis(index, top, text)),
      tooltip: {
        trigger: 'axis', confine: true, transitionDuration: 0, padding: [4, 8], axisPointer: { type: 'shadow' },
        backgroundColor: colour('page'), borderColor: colour('rule'), textStyle: { ...text, color: colour('ink') },
        formatter: hits => `${escape(hits[0].seriesName)}<br>${count(designs[hits[0].seriesIndex].fill[hits[0].dataIndex])} blocks with ${hits[0].dataIndex} of 32`,
      },
      series: designs.map((design, index) => ({
        type: 'bar', name: design.name, xAxisIndex: index, yAxisIndex: index, barCategoryGap: '12%',
        itemStyle: { color: design.bound ? colour('bound') : colour('storage-reserved') },
        data: design.fill.map(blocks => blocks === 0 ? null : blocks),
      })),
    };
  }
}

function place(index, width, columns) {
  const share = width / columns;
  return {
    left: (index % columns) * share + 46,
    top: Math.floor(index / columns) * (cell.height + cell.head + cell.foot) + cell.head,
    width: share - 62,
  };
}

function title(design, at, text) {
  const blocks = design.fill.reduce((sum, count) => sum + count, 0);
  const mean = design.fill.reduce((sum, count, fill) => sum + count * fill, 0) / Math.max(1, blocks);
  return {
    text: `{b|${design.name}}  ${blocks === 0 ? 'nothing reserved' : `${count(blocks)} blocks, mean ${decimals(mean, 1)}`}`,
    left: at.left - 5, top: at.top - cell.head, padding: [2, 5],
    textStyle: {
      ...text, fontWeight: 'normal', width: at.width + 14, overflow: 'truncate',
      rich: { b: { fontWeight: 600, color: colour('ink'), fontSize: 12, fontFamily: font } },
    },
  };
}

function fillAxis(index, isLast, text) {
  return {
    type: 'category', gridIndex: index, data: Array.from({ length: 33 }, (_, fill) => String(fill)),
    name: isLast ? 'tagged pages for each page of storage' : '', nameLocation: 'middle', nameGap: 20, nameTextStyle: { ...text, fontSize: 10.5 },
    axisLabel: { ...text, interval: (_, label) => Number(label) % 8 === 0 },
    axisTick: { show: false }, axisLine: { lineStyle: { color: colour('rule') } },
  };
}

function blockAxis(index, top, text) {
  return {
    type: 'log', gridIndex: index, min: 0.7, max: top, logBase: 10, startValue: 0.7,
    axisLabel: { ...text, showMinLabel: false, formatter: value => value < 1 ? '' : value < 1000 ? axisNumber(value) : `${axisNumber(value / 1000)}k` },
    splitLine: { lineStyle: { color: colour('grid') } }, axisPointer: { show: false },
  };
}
