// A page that is open hears when what it shows has changed, asks for itself again and puts the new in the place of the old.
(() => {
  let wait;
  let isStale = false;

  addEventListener('DOMContentLoaded', () => {
    const region = document.querySelector('[data-live]');
    if (!region) return;
    const source = new EventSource(region.dataset.live);
    source.addEventListener('changed', () => {
      isStale = true;
      soon();
    });
    document.addEventListener('visibilitychange', soon);
    document.addEventListener('live:free', soon);
    addEventListener('pagehide', () => source.close());
  });

  function soon() {
    clearTimeout(wait);
    wait = setTimeout(() => void renew(), 120);
  }

  // Nothing is taken from under somebody's hands: whoever looks away, drags or types gets the news afterwards.
  async function renew() {
    const region = document.querySelector('[data-live]');
    if (!isStale || document.hidden || 'busy' in region.dataset || region.querySelector('form :focus')) return;
    isStale = false;
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } }).catch(() => undefined);
    if (!answer?.ok || answer.redirected) return;
    replaceWith(await answer.text());
  }

  function replaceWith(html) {
    const next = new DOMParser().parseFromString(html, 'text/html');
    const [region, fresh] = [document, next].map((page) => page.querySelector('[data-live]'));
    if (!fresh || 'busy' in region.dataset) return;
    const focused = document.activeElement?.id;
    const opened = [...region.querySelectorAll('details[open][id]')].map(({ id }) => id);
    region.replaceChildren(...fresh.childNodes);
    document.querySelector('.icon-sheet').replaceWith(next.querySelector('.icon-sheet'));
    for (const id of opened) document.getElementById(id)?.setAttribute('open', '');
    if (focused) document.getElementById(focused)?.focus();
    region.dispatchEvent(new CustomEvent('live:renewed', { bubbles: true }));
  }

  window.portico = { ...window.portico, replaceWith };
})();
