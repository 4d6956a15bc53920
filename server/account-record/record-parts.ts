import { mayEnter } from '../staff-users/permissions.ts';
import type { RecordPart } from '../tenancy/feature.ts';
import type { StaffRequest } from '../tenancy/people.ts';

export interface DrawnPart {
  readonly view: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the features add to this record in one place, in their order. */
export async function readParts<Of>(req: StaffRequest, parts: readonly RecordPart<Of>[], place: RecordPart<Of>['place'], record: Of): Promise<DrawnPart[]> {
  const drawn: DrawnPart[] = [];
  for (const part of parts) {
    if (part.place !== place || !mayEnter(req.staff, part.area ?? 'accounts')) continue;
    const data = await part.read(req, record);
    if (data) drawn.push({ view: part.view, data: { ...data, record } });
  }
  return drawn;
}
