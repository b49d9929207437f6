"use strict";
// Heat maps over two parameters, filters, and the command of each cell. Nothing is loaded and nothing is evaluated.
(() => {
  const told = JSON.parse(document.getElementById("points").textContent);
  const points = told.rows.map(row => Object.fromEntries(row.map((value, at) => [told.columns[at], value])));
  for (const point of points) {
    point.axes = { design: point.design, seed: point.seed, pinned: point.pinned, recording: point.subject, view: point.view || point.verb,
      release: point.release };
    for (const part of (point.parameters || "").split(",")) {
      const [name, value] = part.split("=");
      if (name) point.axes[name] = value;
    }
  }

  const metrics = { net: ["net given, %", 1], given: ["given back, %", 1], least: ["at the worst moment, %", 1],
    cost: ["modelled cost, ms", -1], p99: ["wait p99, µs", -1], lost: ["lost", -1], moved: ["moved", -1] };
  const all = [...new Set(points.flatMap(point => Object.keys(point.axes)))]
    .filter(axis => new Set(points.map(point => point.axes[axis])).size > 1);
  // A parameter is worth a look where some design was tried with more than one value of it; the others tell designs apart, not more.
  const given = ["design", "seed", "pinned", "recording", "view", "release"];
  const designs = [...new Set(points.map(point => point.design))];
  const varies = axis => designs.some(design =>
    new Set(points.filter(point => point.design === design).map(point => point.axes[axis])).size > 1);
  const axes = all.filter(axis => given.includes(axis) || varies(axis));
  const parameters = axes.filter(axis => !given.includes(axis));
  const pair = designs.map(design => parameters.filter(axis => points.some(point => point.design === design && axis in point.axes)))
    .sort((a, b) => b.length - a.length)[0] || [];
  const state = { metric: "net", x: pair[0] || "design", y: pair[1] || (pair[0] ? "design" : axes.at(-1)), filters: {} };
  const filters = document.getElementById("filters");
  const map = document.getElementById("map");

  const element = (tag, text) => { const made = document.createElement(tag); if (text !== undefined) made.textContent = text; return made; };
  const ordered = values => [...new Set(values)].sort((a, b) => isNaN(a) || isNaN(b) ? String(a).localeCompare(String(b)) : a - b);

  function choice(label, options, value, chosen) {
    const box = element("label", label + " ");
    const select = element("select");
    for (const [option, text] of options) {
      const one = element("option", text);
      one.value = option;
      one.selected = String(option) === String(value);
      select.append(one);
    }
    select.addEventListener("change", () => { chosen(select.value); draw(); });
    box.append(select, " ");
    filters.append(box);
  }

  const kept = () => points.filter(point => point[state.metric] !== null
    && Object.entries(state.filters).every(([axis, value]) => value === "" || String(point.axes[axis] ?? "") === value)
    && point.axes[state.x] !== undefined && point.axes[state.y] !== undefined);

  function draw() {
    filters.replaceChildren();
    choice("figure", Object.entries(metrics).map(([id, [text]]) => [id, text]), state.metric, value => { state.metric = value; });
    choice("across", axes.map(axis => [axis, axis]), state.x, value => { state.x = value; });
    choice("down", axes.map(axis => [axis, axis]), state.y, value => { state.y = value; });
    for (const axis of axes.filter(axis => axis !== state.x && axis !== state.y)) {
      const values = ordered(points.map(point => point.axes[axis]).filter(value => value !== undefined));
      choice(axis, [["", "all"], ...values.map(value => [value, value === "" ? "-" : value])], state.filters[axis] ?? "",
        value => { state.filters[axis] = value; });
    }
    delete state.filters[state.x];
    delete state.filters[state.y];
    drawMap(kept());
  }

  function drawMap(shown) {
    const [across, down] = [ordered(shown.map(point => point.axes[state.x])), ordered(shown.map(point => point.axes[state.y]))];
    const fields = new Map();
    for (const point of shown) {
      const key = point.axes[state.x] + "\n" + point.axes[state.y];
      if (!fields.has(key)) fields.set(key, []);
      fields.get(key).push(point);
    }
    const mean = list => list.reduce((sum, point) => sum + point[state.metric], 0) / list.length;
    const means = [...fields.values()].map(mean);
    const [low, high] = [Math.min(...means), Math.max(...means)];
    const table = element("table");
    const head = table.createTHead().insertRow();
    head.append(element("th", state.y + " \\ " + state.x), ...across.map(value => element("th", value)));
    const body = table.createTBody();
    for (const value of down) {
      const row = body.insertRow();
      row.append(element("th", value));
      for (const other of across) row.append(field(fields.get(other + "\n" + value), mean, low, high));
    }
    map.replaceChildren(table);
  }

  function field(list, mean, low, high) {
    const cell = element("td", list ? mean(list).toFixed(3) : "");
    if (list) {
      const share = high > low ? (mean(list) - low) / (high - low) : 1;
      const good = metrics[state.metric][1] > 0 ? share : 1 - share;
      cell.style.background = `color-mix(in srgb, var(--line-2) ${Math.round(good * 70)}%, var(--page))`;
      cell.style.cursor = "pointer";
      cell.tabIndex = 0;
      cell.title = `${list.length} cells`;
      cell.addEventListener("click", () => tell(list));
      cell.addEventListener("keydown", event => { if (event.key === "Enter") tell(list); });
    }
    return cell;
  }

  function tell(list) {
    const most = 200;
    document.getElementById("chosen").textContent = `${list.length} cells` + (list.length > most ? `, the first ${most}` : "");
    const table = element("table");
    table.className = "plain";
    table.createTHead().insertRow().append(...["command", ...Object.values(metrics).map(([text]) => text)].map(text => element("th", text)));
    const body = table.createTBody();
    for (const point of list.slice(0, most)) {
      const row = body.insertRow();
      row.insertCell().append(element("code", point.command));
      for (const id of Object.keys(metrics)) row.insertCell().textContent = point[id] === null ? "-" : Number(point[id].toFixed(4));
    }
    document.getElementById("cells").replaceChildren(table);
  }

  draw();
})();
