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

  document.addEventListener('DOMContentLoaded', () => {
    paint();
    document.querySelector('[data-focus]')?.focus();
  });
  darkDevice.addEventListener('change', paint);
  paint();
})();
