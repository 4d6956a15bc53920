// Nothing here is essential: every page works without it. It stands in the head, so that a dark page is dark before it is painted.
(() => {
  const root = document.documentElement;
  const darkDevice = matchMedia('(prefers-color-scheme: dark)');
  root.classList.add('has-script');

  function paint() {
    const { theme } = root.dataset;
    root.dataset.bsTheme = theme === 'light' || theme === 'dark' ? theme : darkDevice.matches ? 'dark' : 'light';
    for (const button of document.querySelectorAll('[data-theme-choice]')) {
      button.setAttribute('aria-pressed', String(button.dataset.themeChoice === theme));
    }
  }

  function chooseTheme(theme) {
    const age = theme === 'auto' ? 0 : 31_536_000;
    document.cookie = `theme=${theme}; path=/; max-age=${age}; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`;
    root.dataset.theme = theme;
    paint();
  }

  function closeMenus(but) {
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (!menu.contains(but)) menu.open = false;
    }
  }

  document.addEventListener('click', ({ target }) => {
    closeMenus(target);
    if (target.closest('[data-print]')) print();
    const choice = target.closest('[data-theme-choice]');
    if (choice) chooseTheme(choice.dataset.themeChoice);
  });

  document.addEventListener('keydown', (event) => {
    const isTyping = event.target.closest('input, textarea, select, [contenteditable]');
    const search = document.querySelector('[data-search]');
    if (event.key === '/' && !isTyping && search) {
      event.preventDefault();
      search.focus();
    }
    if (event.key === 'Escape') {
      document.activeElement?.closest('details.menu[open]')?.querySelector('summary')?.focus();
      closeMenus(null);
    }
  });

  // From the search box to the hits and from hit to hit.
  document.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const hits = [...document.querySelectorAll('[data-hits] a')];
    const here = hits.indexOf(document.activeElement);
    if (!step || hits.length === 0 || (here < 0 && !('search' in document.activeElement.dataset))) return;
    event.preventDefault();
    (hits[here + step] ?? (here + step < 0 ? document.querySelector('[data-search]') : hits.at(-1)))?.focus();
  });

  // Ticks and their total. Amounts are in minor units of their own currency.
  function showTotal(form) {
    const sums = new Map();
    for (const { dataset: { cents, currency } } of form.querySelectorAll('[name=invoice]:checked, [name=invoice][type=hidden]')) {
      sums.set(currency, (sums.get(currency) ?? 0) + Number(cents));
    }
    if (sums.size === 0) sums.set(form.dataset.currency, 0);
    form.querySelector('[data-total]').textContent = [...sums].map(([currency, cents]) => {
      const format = new Intl.NumberFormat(form.dataset.locale, { style: 'currency', currency });
      return format.format(cents / 10 ** format.resolvedOptions().maximumFractionDigits);
    }).join(' + ');
  }

  function tick(form, which) {
    for (const box of form.querySelectorAll('[name=invoice]:enabled')) {
      box.checked = which !== 'none' && box.dataset.currency === form.dataset.currency && (which === 'all' || 'late' in box.dataset);
    }
    showTotal(form);
  }

  document.addEventListener('change', ({ target }) => {
    const form = target.closest('[data-ticks]');
    if (form?.querySelector('[data-total]')) showTotal(form);
  });

  document.addEventListener('click', (event) => {
    const control = event.target.closest('[data-ticks] [data-tick]');
    if (!control?.dataset.tick) return;
    event.preventDefault();
    tick(control.closest('[data-ticks]'), control.dataset.tick);
  });

  // A colour is tried on while it is chosen. The server draws the sample, corrected as the pages will be.
  let sampling;
  document.addEventListener('input', ({ target }) => {
    const tools = document.querySelector('[data-colour-of]');
    const field = tools && document.getElementById(tools.dataset.colourOf);
    const picker = tools?.querySelector('input');
    if (!field || (target !== field && target !== picker)) return;
    if (target === picker) field.value = picker.value;
    if (!/^#[0-9a-f]{6}$/i.test(field.value)) return;
    picker.value = field.value;
    clearTimeout(sampling);
    sampling = setTimeout(() => {
      const sample = tools.querySelector('img');
      sample.src = `${sample.src.split('?')[0]}?colour=${encodeURIComponent(field.value)}`;
    }, 120);
  });

  // The server takes a form once; this only shows that it is under way. Coming back to the page makes it fresh.
  document.addEventListener('submit', (event) => {
    const { target: form } = event;
    if (!('once' in form.dataset)) return;
    if (form.dataset.once) event.preventDefault();
    form.dataset.once = 'sent';
    form.querySelector('button').setAttribute('aria-busy', 'true');
  });
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('[data-once]')) {
      form.dataset.once = '';
      form.querySelector('button').removeAttribute('aria-busy');
    }
    for (const form of document.querySelectorAll('[data-ticks]')) {
      if (form.querySelector('[data-total]')) showTotal(form);
    }
  });

  // A link to a form opens it in a dialog, made of what its page shows. What goes wrong on the way leads to the page itself.
  async function openDialog(link) {
    const answer = await fetch(link.href, { headers: { accept: 'text/html' } });
    const other = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const part = other.querySelector('[data-dialog-part]');
    if (!answer.ok || answer.redirected || !part) throw new Error('no form');
    for (const symbol of other.querySelectorAll('.icon-sheet symbol')) {
      if (!document.getElementById(symbol.id)) document.querySelector('.icon-sheet').append(document.adoptNode(symbol));
    }
    // The page below may have fields of the same names.
    for (const name of ['id', 'for', 'aria-describedby']) {
      for (const field of part.querySelectorAll(`[${name}]`)) field.setAttribute(name, field.getAttribute(name).replace(/(^| )/g, '$1in-dialog-'));
    }
    const dialog = document.createElement('dialog');
    const close = document.createElement('button');
    dialog.className = 'form-dialog';
    dialog.setAttribute('aria-label', part.querySelector('h1').textContent);
    close.className = 'btn btn-outline-secondary dialog-close';
    close.textContent = link.dataset.dialog;
    close.addEventListener('click', () => dialog.close());
    dialog.append(document.adoptNode(part), close);
    dialog.addEventListener('close', () => {
      dialog.remove();
      link.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector('select, textarea, input:not([type=hidden])')?.focus();
    countAll();
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-dialog]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return;
    event.preventDefault();
    openDialog(link).catch(() => location.assign(link.href));
  });

  // How much has been written, as people count: an accent or a flag is no character more.
  function count(box) {
    const typed = box.querySelector('textarea').value.trim();
    const used = window.Intl?.Segmenter ? [...new Intl.Segmenter().segment(typed)].length : [...typed].length;
    let shown = box.querySelector('.counted');
    if (!shown) {
      shown = document.createElement('p');
      shown.className = 'hint counted';
      box.append(shown);
    }
    shown.textContent = box.dataset.countWords.replace('#', used);
    shown.classList.toggle('is-over', used > Number(box.dataset.count));
  }
  function countAll() {
    document.querySelectorAll('[data-count]').forEach(count);
  }
  document.addEventListener('input', ({ target }) => {
    const box = target.closest('[data-count]');
    if (box) count(box);
  });

  // What is left of a look: 'mm:ss'. Once it is over, the page leads on by itself.
  function countDown() {
    const ends = document.querySelector('[data-countdown]');
    if (!ends) return;
    const left = Math.max(0, Math.round((Date.parse(ends.dateTime) - Date.now()) / 1000));
    ends.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    if (left > 0) setTimeout(countDown, 1000);
    else location.reload();
  }

  document.addEventListener('DOMContentLoaded', () => {
    paint();
    countAll();
    countDown();
    document.querySelector('[data-focus]')?.focus();
  });
  darkDevice.addEventListener('change', paint);
  paint();
})();
