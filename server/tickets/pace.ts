import { read } from '../platform/database.ts';
import type { Translate } from '../platform/text.ts';

/** B-12: 'Usually answered within 5 hours', by the last 30 days; '' where too few were answered to say so. */
export async function readPace(t: Translate): Promise<string> {
  const [row] = await read<{ seconds: number | null }>('answer-seconds', 'select app.answer_seconds() as seconds');
  if (row?.seconds === null || row?.seconds === undefined) return '';
  const hours = Math.max(1, Math.ceil(row.seconds / 3600));
  return hours <= 48 ? t('tickets.pace-hours', { count: hours }) : t('tickets.pace-days', { count: Math.ceil(hours / 24) });
}
