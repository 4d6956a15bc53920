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

  document.addEventListener('DOMContentLoaded', () => {
    paint();
    document.querySelector('[data-focus]')?.focus();
  });
  darkDevice.addEventListener('change', paint);
  paint();
})();
