// What a table and a chart can do where JavaScript runs; the page is complete without it.
"use strict";
(() => {
  const root = document.documentElement;
  const each = (selector, act, within = document) => within.querySelectorAll(selector).forEach(act);

  // Day and night: as the system says, until the reader chooses.
  const theme = document.getElementById("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
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
  const textOf = (row) => row.textContent.toLowerCase().replaceAll("\u00a0", " ");
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
          textOf(row).includes(wanted) && (!chosen.size || chosen.has(row.className));
        for (const part of [row, ...more]) part.hidden = !visible;
        shown += visible;
      }
      count.textContent = String(shown);
    };
    bar.append(input);
    for (const verdict of verdicts) {
      const first = [...table.tBodies[0].rows].find((row) => row.className === verdict);
      const label = first.querySelector("td.verdict, td.c10");
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

  // What a mark of a chart says, beside the pointer, and what a name means, below it.
  const tip = document.getElementById("tip");
  let named = null;
  let leaving = 0;
  const hide = () => {
    clearTimeout(leaving);
    if (named) named.removeAttribute("aria-describedby");
    named = null;
    tip.hidden = true;
  };
  const show = (text, steady) => {
    hide();
    tip.textContent = text;
    tip.className = steady ? "steady" : "";
    tip.hidden = false;
  };
  const move = (left, above, below) => {
    const box = tip.getBoundingClientRect();
    const most = document.documentElement.clientWidth - box.width - 8;
    const fits = below !== undefined && below + box.height <= innerHeight;
    tip.style.left = `${Math.max(8, Math.min(left, most))}px`;
    tip.style.top = `${fits ? below : Math.max(8, above - box.height)}px`;
  };
  each("svg title", (title) => {
    const mark = title.parentElement;
    if (mark.tagName === "svg") return;
    const text = title.textContent;
    mark.addEventListener("pointerenter", (event) => {
      show(text, false);
      move(event.clientX + 12, event.clientY - 12);
    });
    mark.addEventListener("pointerleave", hide);
  });
  const stay = () => {
    const box = named.getBoundingClientRect();
    move(box.left, box.top, box.bottom);
  };
  each("[data-hint]", (name) => {
    const define = () => {
      show(name.dataset.hint, true);
      named = name;
      name.setAttribute("aria-describedby", "tip");
      stay();
    };
    // A finger has no pointer to rest: it follows the link, as before.
    name.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") define(); });
    name.addEventListener("pointerleave", () => { leaving = setTimeout(hide, 200); });
    name.addEventListener("focus", () => { if (name.matches(":focus-visible")) define(); });
    name.addEventListener("blur", hide);
  });
  tip.addEventListener("pointerenter", () => clearTimeout(leaving));
  tip.addEventListener("pointerleave", () => { if (named) hide(); });
  addEventListener("scroll", () => { if (named) stay(); }, true);
  // Escape puts away what lies over the page, until something else is pointed at.
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    hide();
    root.dataset.quiet = "";
  });
  for (const event of ["focusin", "pointerover"]) {
    addEventListener(event, () => { delete root.dataset.quiet; });
  }
})();
