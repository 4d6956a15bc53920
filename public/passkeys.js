// Passkeys, where the browser knows them. Without this file the forms for them stay hidden, and the password remains.
// <form data-passkey="get|create" data-options="{…}" or data-challenge="/address that gives them" hidden> with an input named answer.
addEventListener('DOMContentLoaded', () => {
  const { browserSupportsWebAuthn, startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser ?? {};
  const isKnown = Boolean(browserSupportsWebAuthn?.());
  for (const note of document.querySelectorAll('[data-no-passkeys]')) note.hidden = isKnown;
  if (!isKnown) return;

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void ask(form);
    });
  }

  async function ask(form) {
    const button = form.querySelector('button');
    const problem = form.querySelector('[data-problem]');
    problem.hidden = true;
    button.disabled = true;
    try {
      const optionsJSON = form.dataset.options ? JSON.parse(form.dataset.options) : await optionsFrom(form.dataset.challenge);
      const start = form.dataset.passkey === 'create' ? startRegistration : startAuthentication;
      form.elements.answer.value = JSON.stringify(await start({ optionsJSON }));
      form.submit();
    } catch {
      // Told in words of ours: the browser has shown its own, and "not allowed" is also what it says of a dialogue that was closed.
      problem.hidden = false;
      button.disabled = false;
    }
  }

  async function optionsFrom(address) {
    const reply = await fetch(address, { method: 'POST' });
    if (!reply.ok) throw new Error(`${address}: ${reply.status}`);
    return reply.json();
  }
});
