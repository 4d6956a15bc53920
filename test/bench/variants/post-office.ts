import { SMTPServer } from 'smtp-server';
import { readTold } from '../told.ts';

/** Takes every mail and keeps none. */
new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true, logger: false, onData: (stream, _session, done) => void stream.on('end', () => done()).resume() }).listen(readTold().port, '127.0.0.1');
