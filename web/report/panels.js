// A panel is one picture of the time lines: { title, unit, height, min, max, interval, series, keys, notes, mark }.
import { colour, font } from './theme.js';
import { axisNumber } from './numbers.js';

const wide = 900;

export function margins(width) {
  return width >= wide ? { left: 62, right: 18 } : { left: 52, right: 14 };
}

// Ticks at powers of two, as memory is counted; the ends of the axis are ticks.
export function scale(low, high) {
  const interval = 2 ** Math.round(Math.log2(Math.max(high - low, high / 1024, 1 / 256) / 4));
  return { interval, min: Math.floor(low / interval) * interval, max: Math.max(1, Math.ceil(high / interval)) * interval };
}

// Room for a title above each picture, for the axis and the zoom bar below the last.
export function place(panels, width) {
  let top = 0;
  for (const panel of panels) {
    panel.lines = lines(panel, width - margins(width).left);
    panel.titleTop = top;
    panel.top = top + 8 + 16 * panel.lines.length;
    top = panel.top + panel.height + 20;
  }

  return top + 66;
}

// Title, colour keys and notes, in as many lines as the width needs; ECharts cannot wrap such text.
function lines(panel, width) {
  const characterWidth = 6.3;
  const keys = panel.keys ? panel.series.map((entry, index) => [`{k${index}|■}\u00a0${entry.name}`, entry.name.length + 5]) : [];
  const notes = (panel.notes ?? []).map(note => [note, note.length + 3]);
  const heading = `{b|${panel.title}}, ${panel.unit}${panel.empty ? `: ${panel.empty}` : ''}`;
  const result = [heading];
  let used = panel.title.length * 1.15 + panel.unit.length + 5;
  for (const [text, length] of [...keys, ...notes]) {
    if ((used + length) * characterWidth > width) {
      result.push(text);
      used = length;
    } else {
      result[result.length - 1] += `\u2003${text}`;
      used += length;
    }
  }

  return result;
}

export function title(panel, text, margin) {
  return {
    text: panel.lines.join('\n'),
    left: margin.left - 5,
    top: panel.titleTop,
    padding: [2, 5],
    textStyle: {
      ...text,
      fontWeight: 'normal',
      lineHeight: 16,
      rich: {
        m: { fontWeight: 700, color: colour('ink'), fontSize: 13 },
        b: { fontWeight: 600, color: colour('ink'), fontSize: 12, fontFamily: font },
        ...Object.fromEntries(panel.series.map((entry, index) => [`k${index}`, { color: entry.colour, fontSize: 13 }])),
      },
    },
  };
}

export function timeAxis(panel, index, isLast, time, unit, text) {
  return {
    type: 'value', gridIndex: index, min: time[0] ?? 0, max: time.at(-1) ?? 1,
    name: isLast ? `${unit === 's' ? 'seconds' : unit} since the first event` : '', nameLocation: 'middle', nameGap: 24, nameTextStyle: text,
    axisLine: { onZero: false, lineStyle: { color: colour('rule') } },
    axisTick: { lineStyle: { color: colour('rule') } },
    axisLabel: { ...text, show: isLast, hideOverlap: true, formatter: axisNumber, showMaxLabel: false },
    splitLine: { lineStyle: { color: colour('grid') } },
    axisPointer: { label: { show: false } },
  };
}

export function valueAxis(panel, index, text) {
  return {
    type: 'value', gridIndex: index, min: panel.min ?? 0, max: panel.max, interval: panel.interval,
    splitNumber: panel.height > 150 ? 4 : 2,
    axisLabel: { ...text, formatter: axisNumber, hideOverlap: true },
    splitLine: { lineStyle: { color: colour('grid') } },
    axisPointer: { show: false },
  };
}

export function lineSeries(entry, panel, index, time, text) {
  const isArea = entry.stack || entry.filled;
  return {
    type: 'line', name: entry.name, xAxisIndex: index, yAxisIndex: index, stack: entry.stack,
    data: entry.values.map((value, at) => [time[at], value === null ? null : Number(value.toFixed(4))]),
    step: entry.step, showSymbol: false, symbol: 'none', silent: true, z: entry.front ? 3 : 2,
    color: entry.colour,
    lineStyle: { width: entry.stack ? 0 : entry.width ?? 1.3, type: entry.dashed ? [5, 4] : 'solid' },
    areaStyle: isArea ? { opacity: entry.stack ? 0.9 : 0.22 } : undefined,
    emphasis: isArea ? { disabled: true } : { focus: 'series', lineStyle: { width: 4 } },
    blur: { lineStyle: { opacity: 0.15 } },
    markLine: panel.mark !== undefined && entry === panel.series[0] ? minimum(panel.mark) : undefined,
  };
}

function minimum(time) {
  return {
    silent: true, symbol: 'none', animation: false, label: { show: false },
    lineStyle: { color: colour('ink'), type: 'dotted', width: 1.4 },
    data: [{ xAxis: time }],
  };
}
