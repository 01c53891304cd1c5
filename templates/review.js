// What a table and a chart can do where JavaScript runs; the page is complete without it.
"use strict";
(() => {
  const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);

  // Day and night: as the system says, until the reader chooses.
  const theme = document.getElementById("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  // A link into something folded opens it.
  const unfold = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") node.open = true;
    }
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  unfold();

  // Rows with what unfolds below them stay together.
  const groups = (body) => {
    const found = [];
    for (const row of body.rows) {
      if (row.className === "more" && found.length) found[found.length - 1].push(row);
      else found.push([row]);
    }
    return found;
  };
  const keyOf = (row, position) => {
    const cell = row.cells[position];
    const number = cell && cell.dataset.sort;
    return number === undefined ? (cell ? cell.textContent.trim() : "") : Number(number);
  };
  const compare = (a, b) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), document.documentElement.lang, { numeric: true });
  };

  each("table[data-sortable]", (table) => {
    const body = table.tBodies[0];
    each("th", (header) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => {
        const down = header.getAttribute("aria-sort") === "ascending";
        each("th[aria-sort]", (other) => other.removeAttribute("aria-sort"), table.tHead);
        header.setAttribute("aria-sort", down ? "descending" : "ascending");
        const position = header.cellIndex;
        const sorted = groups(body).map((rows) => [keyOf(rows[0], position), rows]);
        sorted.sort(([a], [b]) => (a === "" || b === "" ? compare(a, b) : (down ? -1 : 1) * compare(a, b)));
        for (const [, rows] of sorted) body.append(...rows);
      });
    }, table.tHead);
  });

  each("table[data-filtered]", (table) => {
    const scroll = table.closest(".scroll");
    const bar = document.createElement("div");
    bar.className = "filter";
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = table.dataset.filtered;
    input.setAttribute("aria-label", table.dataset.filtered);
    const chosen = new Set();
    const verdicts = [...new Set([...table.tBodies[0].rows].map((row) => row.className))];
    const count = document.createElement("span");
    count.setAttribute("role", "status");
    const apply = () => {
      const wanted = input.value.trim().toLowerCase();
      let shown = 0;
      for (const [row, ...more] of groups(table.tBodies[0])) {
        const visible =
          row.textContent.toLowerCase().includes(wanted) && (!chosen.size || chosen.has(row.className));
        for (const part of [row, ...more]) part.hidden = !visible;
        shown += visible;
      }
      count.textContent = String(shown);
    };
    bar.append(input);
    for (const verdict of verdicts) {
      const first = [...table.tBodies[0].rows].find((row) => row.className === verdict);
      const label = first.querySelector("td.verdict") || first.cells[9];
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label ? label.textContent.trim() : verdict;
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => {
        if (!chosen.delete(verdict)) chosen.add(verdict);
        button.setAttribute("aria-pressed", String(chosen.has(verdict)));
        apply();
      });
      bar.append(button);
    }
    bar.append(count);
    input.addEventListener("input", apply);
    scroll.before(bar);
    apply();
  });

  // What a mark of a chart says, at once and beside the pointer.
  const tip = document.getElementById("tip");
  each("svg title", (title) => {
    const mark = title.parentElement;
    if (mark.tagName === "svg") return;
    const text = title.textContent;
    mark.addEventListener("pointerenter", (event) => {
      tip.textContent = text;
      tip.hidden = false;
      const box = tip.getBoundingClientRect();
      const left = Math.min(event.clientX + 12, document.documentElement.clientWidth - box.width - 8);
      tip.style.left = `${Math.max(8, left)}px`;
      tip.style.top = `${Math.max(8, event.clientY - box.height - 12)}px`;
    });
    mark.addEventListener("pointerleave", () => { tip.hidden = true; });
  });
})();
