// SPDX-License-Identifier: Apache-2.0
// Standing questions: subscriptions with a name, whose owner is told of what is new and fits. What one
// asks goes into it as it goes to the node, and comes back into the form as it was.
import { sendJson } from './api';
import { type SubscribedPlace, type Subscription, subscriptions } from './notices';
import type { Shape } from './plan';
import { type Draft, emptyDraft, type Wish } from './search';
import type { Position } from './sphere';

export interface Standing extends Subscription {
  name: string;
  kinds?: string[];
  from?: string;
  until?: string;
  source?: string;
  information?: string;
}

export const NAME_BYTES_MAX = 256;
export const nameFits = (name: string): boolean => {
  const bytes = new TextEncoder().encode(name.trim()).length;
  return bytes > 0 && bytes <= NAME_BYTES_MAX;
};

export const standing = async (): Promise<Standing[]> =>
  (await subscriptions()).filter((one): one is Standing => one.name !== undefined);

/** Withdrawn ones too is of a search alone: who asks for more to come is told of what fits by then. */
export async function stand(name: string, wish: Wish): Promise<void> {
  const { withdrawn: _, ...kept } = wish;
  await sendJson('/v1/subscriptions', 'POST', { name: name.trim(), ...kept });
}

function shapeOf(place: SubscribedPlace, key: string): Shape | null {
  const { geometry } = place;
  switch (geometry.type) {
    case 'Point': return { key, kind: 'circle', center: geometry.coordinates as Position, radiusM: place.radius_m ?? 0 };
    case 'LineString':
      return { key, kind: 'corridor', line: geometry.coordinates as Position[], halfWidthM: place.half_width_m ?? 0 };
    case 'Polygon': return { key, kind: 'polygon', rings: geometry.coordinates as Position[][] };
    default: return null;
  }
}

/** What a standing question asks, as the form has it; `whole` says whether all of its area is there. */
export function asTyped(one: Standing, newKey: () => string): { draft: Draft; shapes: Shape[]; whole: boolean } {
  const places = one.area;
  const shapes = places.map((place) => shapeOf(place, newKey())).filter((shape) => shape !== null);
  const margin = Math.max(0, ...places.map((place) => place.margin_m));
  const draft: Draft = {
    ...emptyDraft(), text: one.text ?? '', from: one.from ?? '', until: one.until ?? '', kinds: one.kinds ?? [],
    classes: one.classes, parties: one.parties, source: one.source ?? '', information: one.information ?? '',
    marginM: margin > 0 ? String(margin) : '',
  };
  return { draft, shapes, whole: shapes.length === places.length };
}
