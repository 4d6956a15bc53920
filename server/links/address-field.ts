import { required } from '../platform/forms.ts';

/** An email address as people type it: letters of every script, because that is what is on file. */
export const addressField = required(200).refine((typed) => typed === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed), 'links.not-an-email');
