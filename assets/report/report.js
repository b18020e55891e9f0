"use strict";
(() => {
  const run = JSON.parse(document.getElementById("data").textContent);
  const SVG = "http://www.w3.org/2000/svg";
  const MOST_ROWS = 400;

  function node(name, attributes = {}, text = "") {
    const made = name.startsWith("svg:") ? document.createElementNS(SVG, name.slice(4)) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== "") made.textContent = text;
    return made;
  }
  const svg = (name, attributes, text) => node("svg:" + name, attributes, text);

  function duration(seconds) {
    if (seconds < 0.9995) return Math.round(seconds * 1000) + " ms";
    if (seconds < 59.95) return seconds.toFixed(1) + " s";
    const whole = Math.round(seconds);
    const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60, rest = whole % 60;
    return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${rest} s`;
  }
  function size(bytes) {
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let unit = 0;
    while (bytes >= 1024 && unit < units.length - 1) { bytes /= 1024; ++unit; }
    return (unit === 0 ? bytes : bytes.toFixed(bytes < 10 ? 1 : 0)) + " " + units[unit];
  }
  const shape = status => ({COMPLETED: "completed", FAILED: "failed", RUNNING: "running"})[status] || "other";

  function tellFailure() {
    if (!run.first_failure) return;
    const place = document.getElementById("failure");
    const stage = run.stages[run.first_failure.stage];
    place.hidden = false;
    place.append(node("h2", {}, `First failure: ${stage.key}`), node("div", {}, `${stage.reason} after ${duration(stage.duration)}`));
    if (run.first_failure.lines) place.append(node("pre", {}, run.first_failure.lines));
  }

  function step(span) {
    const raw = span / 8, power = Math.pow(10, Math.floor(Math.log10(raw)));
    return [1, 2, 5, 10].map(factor => factor * power).find(one => one >= raw) || power;
  }

  // Stages from top to bottom as they began; of very many, a row for each slot.
  function rows() {
    const bySlot = run.stages.length > MOST_ROWS;
    const found = new Map();
    for (const attempt of run.attempts) {
      const key = bySlot ? attempt.slot : attempt.stage;
      if (!found.has(key)) found.set(key, []);
      found.get(key).push(attempt);
    }
    const order = [...found.entries()];
    if (bySlot) order.sort((a, b) => a[0] - b[0]);
    return order.map(([key, attempts]) => ({name: bySlot ? `slot ${key}` : run.stages[key].key, attempts, bySlot}));
  }

  function bar(attempt, scale, top, height, bySlot) {
    const stage = run.stages[attempt.stage];
    const width = Math.max(1.5, scale(attempt.end) - scale(attempt.start));
    const kind = attempt.status === "COMPLETED" || attempt.status === "FAILED" || attempt.status === "RUNNING" ? shape(attempt.status) : "other";
    const made = svg("rect", {x: scale(attempt.start), y: top, width, height, rx: 2,
      class: kind + "-bar" + (stage.critical && !bySlot ? " critical" : "")});
    made.append(svg("title", {}, `${stage.key}${attempt.attempt > 1 ? ", attempt " + attempt.attempt : ""}: ${duration(attempt.end - attempt.start)}` +
      ` (${duration(attempt.start)} to ${duration(attempt.end)})${attempt.reason ? "\n" + attempt.reason : ""}`));
    return made;
  }

  function drawTimeline() {
    const all = rows();
    const place = document.getElementById("timeline");
    if (all.length === 0) { place.append(node("p", {class: "hint"}, "Nothing was started.")); return; }
    const names = Math.min(260, 20 + 7 * Math.max(...all.map(row => row.name.length)));
    const width = Math.max(700, Math.min(1160, place.clientWidth || 1120)), right = 16, line = 22, top = 24;
    const span = Math.max(run.elapsed, 1e-6);
    const scale = at => names + (width - names - right) * at / span;
    const height = top + all.length * line + 6;
    const picture = svg("svg", {width, height, role: "img", "aria-label": "timeline of the run"});
    for (let at = 0, wide = step(span); at <= span * 1.0001; at += wide) {
      picture.append(svg("line", {x1: scale(at), x2: scale(at), y1: top - 6, y2: height, class: "grid"}),
        svg("text", {x: scale(at), y: 14, "text-anchor": at === 0 ? "start" : "middle"}, duration(at)));
    }
    all.forEach((row, index) => {
      const y = top + index * line;
      const name = row.name.length > 34 ? row.name.slice(0, 33) + "\u2026" : row.name;
      picture.append(svg("text", {x: 0, y: y + 15, class: "name"}, name));
      if (!row.bySlot) {
        const first = row.attempts[0], queue = run.stages[first.stage].queue;
        if (queue > 0) picture.append(svg("rect", {x: scale(Math.max(0, first.start - queue)), y: y + 8, width: Math.max(0, scale(first.start) - scale(Math.max(0, first.start - queue))), height: 4, class: "wait"}));
      }
      for (const attempt of row.attempts) picture.append(bar(attempt, scale, y + 3, 14, row.bySlot));
    });
    place.append(picture);
    const legend = document.getElementById("legend");
    for (const [colour, word] of [["good", "completed"], ["bad", "failed"], ["wait", "waiting for room"], ["key", "outlined: on the critical path"]]) {
      legend.append(node("span", {class: "dot", style: `background: var(--${colour})`}), document.createTextNode(word));
    }
  }

  function drawChart(title, values, text) {
    const width = 360, height = 84, most = Math.max(...values.map(one => one[1]), 1e-9);
    const x = at => width * at / Math.max(run.elapsed, 1e-6), y = value => height - 4 - (height - 12) * value / most;
    const points = values.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`);
    const picture = svg("svg", {width, height, class: "chart", role: "img", "aria-label": title});
    picture.append(svg("path", {class: "area", d: `M${x(values[0][0])},${height} L${points.join(" L")} L${x(values[values.length - 1][0])},${height} Z`}),
      svg("path", {d: "M" + points.join(" L")}));
    const place = node("div", {style: "display: inline-block; margin-right: 24px"});
    place.append(node("div", {class: "hint"}, `${title}: at most ${text(most)}`), picture);
    return place;
  }

  function drawMachine() {
    if (run.samples.length < 3) return;
    document.getElementById("machine").hidden = false;
    document.getElementById("charts").append(
      drawChart("Busy CPUs", run.samples.map(one => [one[0], one[1]]), value => value.toFixed(1)),
      drawChart("Running stages", run.samples.map(one => [one[0], one[3]]), value => String(value)),
      drawChart("Memory available", run.samples.map(one => [one[0], one[2]]), size));
  }

  const columns = [
    {title: "Stage", of: one => one.key},
    {title: "Status", of: one => one.up_to_date ? "UP TO DATE" : one.status, badge: true},
    {title: "Time", of: one => one.duration, text: duration, number: true},
    {title: "Waited", of: one => one.queue, text: duration, number: true},
    {title: "CPU", of: one => one.cpu, text: duration, number: true},
    {title: "Memory", of: one => one.memory, text: value => value > 0 ? size(value) : "", number: true},
    {title: "Attempts", of: one => one.attempts, text: value => value > 1 ? String(value) : "", number: true},
    {title: "", of: one => one.reason, reason: true},
  ];
  let sorted = {column: -1, up: true}, wanted = "";

  function fillTable() {
    const stages = run.stages.filter(one => (one.key + " " + one.name + " " + one.status).toLowerCase().includes(wanted));
    if (sorted.column >= 0) {
      const of = columns[sorted.column].of;
      stages.sort((a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0) * (sorted.up ? 1 : -1));
    }
    const body = document.createDocumentFragment();
    for (const stage of stages) {
      const row = node("tr");
      for (const column of columns) {
        const value = column.of(stage), ran = stage.attempts > 0;
        const cell = node("td", {class: column.number ? "number" : column.reason ? "reason" : ""});
        if (column.badge) cell.append(node("span", {class: "badge " + stage.status.toLowerCase()}, value.toLowerCase()));
        else cell.textContent = column.text ? (ran ? column.text(value) : "") : value;
        if (column.title === "Stage") cell.title = stage.name;
        row.append(cell);
      }
      body.append(row);
    }
    document.querySelector("#stages tbody").replaceChildren(body);
    document.getElementById("shown").textContent = stages.length === run.stages.length ? `${stages.length} stages` : `${stages.length} of ${run.stages.length}`;
  }

  function makeTable() {
    const head = node("tr");
    columns.forEach((column, index) => {
      const cell = node("th", {class: column.number ? "number" : "", tabindex: 0}, column.title);
      const sort = () => {
        sorted = {column: index, up: sorted.column === index ? !sorted.up : !column.number};
        for (const other of head.children) other.removeAttribute("aria-sort");
        cell.setAttribute("aria-sort", sorted.up ? "ascending" : "descending");
        fillTable();
      };
      cell.addEventListener("click", sort);
      cell.addEventListener("keydown", event => { if (event.key === "Enter") sort(); });
      head.append(cell);
    });
    document.querySelector("#stages thead").append(head);
    document.getElementById("filter").addEventListener("input", event => { wanted = event.target.value.trim().toLowerCase(); fillTable(); });
    fillTable();
  }

  tellFailure();
  drawTimeline();
  drawMachine();
  makeTable();
})();
