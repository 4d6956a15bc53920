// The board by drag and by keyboard. Each move is the form that every job leads to without script, sent from here.
(() => {
  let carried;

  const board = () => document.querySelector('[data-board]');
  const say = (name, values) => {
    const text = Object.entries(values).reduce((said, [key, value]) => said.replace(`{${key}}`, value), board().dataset[name]);
    document.querySelector('[data-board-says]').textContent = text;
  };

  function pickUp(job) {
    carried = { job, from: job.closest('[data-cell]'), over: job.closest('[data-cell]') };
    board().dataset.busy = '';
    job.classList.add('is-carried');
  }

  function carryOver(cell) {
    carried.over.classList.remove('is-over');
    carried.over = cell;
    cell.classList.add('is-over');
  }

  function putDown() {
    const { job, over } = carried;
    job.classList.remove('is-carried');
    over.classList.remove('is-over');
    delete board().dataset.busy;
    carried = undefined;
    document.dispatchEvent(new CustomEvent('live:free'));
  }

  async function move({ job, over: { dataset } }) {
    const form = new FormData(document.querySelector('[data-board-form]'));
    for (const [name, value] of Object.entries({ version: job.dataset.version, to: dataset.to, day: dataset.day, resource: dataset.resource })) if (value) form.set(name, value);
    const answer = await fetch(`/staff/dispatch/moves/${encodeURIComponent(job.dataset.job)}`, { method: 'POST', body: new URLSearchParams(form) });
    const html = await answer.text();
    const next = new DOMParser().parseFromString(html, 'text/html');
    if (!answer.ok || !next.querySelector('[data-board]')) {
      document.querySelector('main').replaceChildren(...next.querySelector('main').childNodes);
      document.querySelector('.icon-sheet').replaceWith(next.querySelector('.icon-sheet'));
      document.querySelector('[data-focus]')?.focus();
      return;
    }
    portico.replaceWith(html);
    document.querySelector('main > .flash')?.remove();
    const flash = next.querySelector('main > .flash');
    if (flash) document.querySelector('main').prepend(flash);
    document.getElementById(job.id)?.focus();
  }

  function drop() {
    const taken = { ...carried };
    putDown();
    if (taken.over === taken.from) return say('left', { title: taken.job.dataset.title });
    say('dropped', { title: taken.job.dataset.title, place: taken.over.dataset.name });
    move(taken).catch(() => location.reload());
  }

  // From the waiting list into the week and back; within it by row and column.
  function neighbour(cell, key) {
    const rows = [...document.querySelectorAll('.board-week tbody tr')].map((row) => [...row.querySelectorAll('[data-cell]')]);
    const waiting = document.querySelector('.board-waiting');
    if (cell === waiting) return key === 'ArrowRight' ? rows[0]?.[0] : undefined;
    const at = rows.findIndex((cells) => cells.includes(cell));
    const column = rows[at].indexOf(cell);
    if (key === 'ArrowLeft') return column === 0 ? waiting : rows[at][column - 1];
    return { ArrowRight: rows[at][column + 1], ArrowUp: rows[at - 1]?.[column], ArrowDown: rows[at + 1]?.[column] }[key];
  }

  document.addEventListener('keydown', (event) => {
    const job = event.target.closest?.('[data-job]');
    if (!carried) {
      if (event.key !== 'Enter' || event.target !== job) return;
      event.preventDefault();
      pickUp(job);
      return say('picked', { title: job.dataset.title });
    }
    event.preventDefault();
    if (event.key === 'Enter') return drop();
    if (event.key === 'Escape' || event.key === 'Tab') {
      say('left', { title: carried.job.dataset.title });
      return putDown();
    }
    const next = neighbour(carried.over, event.key);
    if (!next) return;
    carryOver(next);
    next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    say('over', { place: next.dataset.name });
  });

  document.addEventListener('dragstart', (event) => {
    const job = event.target.closest?.('[data-job]');
    if (!job) return;
    event.dataTransfer.setData('text/plain', job.dataset.job);
    event.dataTransfer.effectAllowed = 'move';
    pickUp(job);
  });
  document.addEventListener('dragover', (event) => {
    const cell = event.target.closest?.('[data-cell]');
    if (!carried || !cell) return;
    event.preventDefault();
    if (cell !== carried.over) carryOver(cell);
  });
  document.addEventListener('drop', (event) => {
    if (!carried || !event.target.closest('[data-cell]')) return;
    event.preventDefault();
    drop();
  });
  document.addEventListener('dragend', () => {
    if (carried) putDown();
  });
})();
