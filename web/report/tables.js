// First click: the larger numbers first; second click: the smaller; the first column gives back the original order.
export function sortable(table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[1].cells];
  heads.forEach((head, column) => head.querySelector('button').addEventListener('click', () => {
    const wasDescending = head.getAttribute('aria-sort') === 'descending';
    const ascending = column === 0 || wasDescending;
    heads.forEach(other => other.removeAttribute('aria-sort'));
    head.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
    const value = row => Number(row.cells[column].dataset.sort);
    const rows = [...body.rows].sort((a, b) => ascending ? value(a) - value(b) : value(b) - value(a));
    body.append(...rows);
  }));
}
