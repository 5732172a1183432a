"use strict";
// Sorts a table by the column whose head is pressed, and filters long tables. Without this script the tables stay as they
// were written.
const reading = (cell) => ({ text: cell.textContent.trim(), number: cell.dataset.sort === undefined ? NaN : Number(cell.dataset.sort) });
const rank = (key) => (!key.text ? 2 : Number.isNaN(key.number) ? 1 : 0);
const compare = (a, b) =>
  rank(a) - rank(b) || (rank(a) === 0 ? a.number - b.number : a.text.localeCompare(b.text, undefined, { numeric: true }));
const sortable = (table, body) =>
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    if (!head.textContent.trim()) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const rows = [...body.rows].map((row) => ({ row, key: reading(row.cells[column]) }));
      // What has no value stays last either way.
      rows.sort((a, b) => rank(a.key) - rank(b.key) || (descending ? compare(b.key, a.key) : compare(a.key, b.key)));
      body.append(...rows.map((entry) => entry.row));
    });
  });
const filterable = (table, body) => {
  const label = document.createElement("label");
  label.className = "filter";
  const input = document.createElement("input");
  input.type = "search";
  const count = document.createElement("span");
  count.setAttribute("role", "status");
  label.append("Filter ", input, count);
  table.parentElement.before(label);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of body.rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    count.textContent = words.length ? ` ${shown} of ${body.rows.length}` : "";
  });
};
// What scrolls sideways can be reached by the keyboard.
for (const box of document.querySelectorAll(".table, figure, pre")) if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0];
  if (!body || !table.tHead || body.rows.length < 2) continue;
  sortable(table, body);
  if (body.rows.length > 9) filterable(table, body);
}
