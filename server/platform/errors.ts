/** An error a person sees as a page: the status picks the page, the message is for the log only. */
export class AppError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** One message per field; '' stands for the form as a whole. Messages are already in the reader's language. */
export type FieldErrors = Readonly<Record<string, string>>;

/** Takes everything back that the request has written and draws the form again with these errors (422). */
export class Refused extends AppError {
  readonly errors: FieldErrors;
  constructor(errors: FieldErrors) {
    super(422, 'the form was refused');
    this.errors = errors;
  }
}

/** Missing, foreign, unsent and switched off all look alike: the same 404. */
export class NotFound extends AppError {
  constructor(message = 'not found') {
    super(404, message);
  }
}

/** The page exists in the product, but this organization has switched it off. */
export class NotOffered extends NotFound {
  constructor(feature: string) {
    super(`${feature} is switched off`);
  }
}

/** The cookie was fine, but its sign-in has ended, expired or lost its rights: on to the sign-in page. */
export class SignedOut extends AppError {
  constructor() {
    super(401, 'the sign-in has ended');
  }
}

/** Something has to be done before this page can be shown: the browser is sent there. */
export class DoFirst extends AppError {
  readonly path: string;
  constructor(path: string) {
    super(303, `first ${path}`);
    this.path = path;
  }
}

export class Forbidden extends AppError {
  constructor(message = 'forbidden') {
    super(403, message);
  }
}

/** The form's token is missing, or of a session that has ended since the form was opened. */
export class StaleForm extends Forbidden {
  constructor() {
    super('the form token is missing or belongs to another session');
  }
}

/** The form was drawn for another account than the one that is chosen now. `about` is that account. */
export class OtherAccount extends AppError {
  readonly about: string;
  constructor(about: string) {
    super(409, 'the form is about another account');
    this.about = about;
  }
}

/** What this contact may not see, or not do, with the account's money. */
export class NoRight extends Forbidden {
  readonly right: 'see' | 'pay';
  constructor(right: 'see' | 'pay') {
    super(`the contact may not ${right}`);
    this.right = right;
  }
}

/** Staff look in as somebody: nothing is changed, whatever was sent. */
export class LookingOnly extends Forbidden {
  constructor() {
    super('a look changes nothing');
  }
}

export class TooMany extends AppError {
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds: number) {
    super(429, 'too many requests');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export class Unavailable extends AppError {
  readonly retryAfterSeconds: number;
  constructor(message: string, retryAfterSeconds = 5) {
    super(503, message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
