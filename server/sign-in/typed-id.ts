/**
 * What the log may say of a user id that nobody has. People type passwords into the wrong field: only what is an email address,
 * and not what was typed as the password, too, is written down.
 */
export function idForLog(typed: string, password: string): string {
  return isAddress.test(typed) && typed !== password ? typed : '(not an email address)';
}

const isAddress = /^[\w.+'-]{1,64}@([a-z0-9-]{1,63}\.)+[a-z]{2,24}$/i;
