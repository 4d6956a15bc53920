import type { Logger } from 'pino';
import type { FieldErrors } from '../platform/errors.ts';
import type { Formats } from '../platform/formats.ts';
import type { SessionCookie } from '../platform/session.ts';
import type { Language, Translate } from '../platform/text.ts';
import type { UploadFault } from '../platform/files/uploads.ts';
import type { Feature } from './feature.ts';
import type { Outside } from './outside.ts';
import type { Tenant } from './tenant.ts';
import type { Customer, CustomerAccount, Looking, StaffMember } from './people.ts';

declare global {
  namespace Express {
    /** What this app adds to a request, in the order in which it is known. */
    interface Request {
      id: string;
      log: Logger;
      tenant: Tenant;
      language: Language;
      t: Translate;
      formats: Formats;
      /** The address people use: 'http://studio.localhost:3000'. Never made from the Host header. */
      origin: string;
      outside: Outside;
      /** The one that this path's session is kept in. */
      sessionCookie?: SessionCookie;
      features: readonly Feature[];
      person?: Customer;
      /** The account the signed-in person looks at now. */
      account?: CustomerAccount;
      /** The tabs set to 'auto' that have something to show. */
      existing?: ReadonlySet<string>;
      staff?: StaffMember;
      /** Staff see this page as a customer would: see looking-in/guard.ts. */
      looking?: Looking;
      /** Why the files of this form were not taken. */
      uploadFault?: UploadFault;
      /** Set while a refused form is drawn again. */
      errors?: FieldErrors;
      typed?: Readonly<Record<string, unknown>>;
    }
    interface Response {
      /** The cause of a 5xx, for its line in the log. */
      err?: Error;
    }
  }
}
