import type { Translate } from '../platform/text.ts';
import type { Site } from '../site/site.ts';

/** S2-20: what people can do in this portal, made from what is switched on; steps of autopay stand below it. */
export function whatPeopleCanDo(site: Site, t: Translate): { text: string; steps?: string[] }[] {
  const say = (isOn: boolean, name: string) => (isOn ? [{ text: t(`invitations.can-${name}`) }] : []);
  const pays = site.gateway !== 'none';
  return [
    ...say(site.givesStatements && site.hasTab('billing'), 'statement'),
    ...say(site.hasTab('invoices'), 'invoices'),
    ...say(site.hasTab('payments'), 'payments'),
    ...say(site.hasTab('credits'), 'credits'),
    ...say(site.hasTab('usages'), 'usages'),
    ...say(site.hasTab('services'), 'services'),
    ...say(pays && (site.mayPay('balance') || site.mayPay('overdue')), 'pay-balance'),
    ...say(pays && site.mayPay('selected'), 'pay-invoices'),
    ...(site.hasAutopay ? [{ text: t('invitations.can-autopay'), steps: autopaySteps(site, t) }] : []),
    ...say(site.takesPrepayments, 'prepay'),
    ...say(site.hasTexts, 'texts'),
    ...say(site.hasContactForm, 'contact'),
  ];
}

function autopaySteps(site: Site, t: Translate): string[] {
  const place = site.switchesAutopayAt('billing') ? 'billing' : 'account';
  const fallback = place === 'billing' ? t('billing.title') : t('layouts.my-account');
  return [t('invitations.autopay-tab', { tab: site.tabLabel(place) ?? fallback }), t('invitations.autopay-switch'), t('invitations.autopay-card')];
}

/** S2-21: how somebody gets in for the first time, by the ways that this organization has opened. */
export function howToGetIn(site: Site, t: Translate): string[] {
  const reset = t(`resets.${site.resetLabel.replace('_', '-')}`);
  const steps = site.enters('invitation') ? ['invitation', 'twice']
    : site.enters('self_signup') ? ['sign-up', 'mail', 'twice']
      : site.enters('first_reset') ? ['first-reset', 'mail', 'twice'] : ['staff'];
  return [...steps, 'afterwards'].map((step) => t(`invitations.how-${step}`, { portal: site.typeLabel, signUp: t('sign-up.title'), reset }));
}
