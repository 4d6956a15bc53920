import type { Request } from 'express';
import { Passport } from 'passport';
import { Strategy } from 'passport-local';
import { signInCustomer } from './sign-in.ts';
import { signInStaff } from './sign-in-staff.ts';

type Door = 'customer' | 'staff';
const passport = new Passport();

for (const [door, signIn] of [['customer', signInCustomer], ['staff', signInStaff]] as const) {
  passport.use(
    door,
    new Strategy({ usernameField: 'login', passReqToCallback: true }, (req, loginId, password, done) => {
      const { id: tenantId, site } = req.tenant;
      signIn({ tenantId, loginId: loginId.trim(), password, device: (req.get('user-agent') ?? '').slice(0, 300), idleMinutes: site.idleMinutes }).then(
        (signInId) => done(null, signInId ? { id: signInId } : false),
        done,
      );
    }),
  );
}

/** The id of the new sign-in, or null when the two did not match. */
export function authenticate(door: Door, req: Request): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const answer = (error: Error | null, user: { id: string } | false) => (error ? reject(error) : resolve(user ? user.id : null));
    passport.authenticate(door, { session: false }, answer)(req, req.res, reject);
  });
}
