import type { Request } from 'express';
import { Passport } from 'passport';
import { Strategy } from 'passport-local';
import { deviceOf } from './open-sign-in.ts';
import { signInCustomer, type Outcome } from './sign-in.ts';
import { signInStaff } from './sign-in-staff.ts';

const passport = new Passport();

for (const [door, signIn] of [['customer', signInCustomer], ['staff', signInStaff]] as const) {
  passport.use(
    door,
    new Strategy({ usernameField: 'login', passReqToCallback: true }, (req, loginId, password, done) => {
      signIn({ tenant: req.tenant, loginId: loginId.trim(), password, device: deviceOf(req) }).then((outcome) => done(null, outcome ?? false), done);
    }),
  );
}

export function authenticate(door: 'staff', req: Request): Promise<Extract<Outcome, { signInId: string }> | null>;
export function authenticate(door: 'customer', req: Request): Promise<Outcome | null>;
/** What came of it, or null when the two did not match. */
export function authenticate(door: 'customer' | 'staff', req: Request): Promise<Outcome | null> {
  return new Promise((resolve, reject) => {
    const answer = (error: Error | null, outcome: Outcome | false) => (error ? reject(error) : resolve(outcome || null));
    passport.authenticate(door, { session: false }, answer)(req, req.res, reject);
  });
}
