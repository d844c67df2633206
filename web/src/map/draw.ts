// SPDX-License-Identifier: Apache-2.0
// Drawing and dragging with terra-draw. The plan's shapes live in the page's own model; terra-draw
// holds a copy to be handled with the mouse, and every change there is read back as a shape.
// A circle stays a centre and a radius: its ring on the map is only its picture.
import type { Map as MapLibre } from 'maplibre-gl';
import {
  type GeoJSONStoreFeatures, TerraDraw, TerraDrawCircleMode, TerraDrawLineStringMode,
  TerraDrawPolygonMode, TerraDrawSelectMode,
} from 'terra-draw';
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter';
import type { Shape, ShapeKind } from '../lib/plan';
import { circleRing, distanceM, type Position, ringCenter } from '../lib/sphere';
import { colors } from './colors';

const MODE: Record<ShapeKind, string> = { circle: 'circle', polygon: 'polygon', corridor: 'linestring' };
const DIGITS = 9; // terra-draw takes no more
const CORNERS = 64;

export interface DrawHandlers {
  /** A shape has been drawn or moved; `done` when the mouse has let go. */
  changed(shape: Shape, done: boolean): void;
  removed(key: string): void;
  mode(drawing: ShapeKind | null): void;
  newKey(): string;
  /** For a corridor that is being drawn. */
  halfWidthM(): number;
}

type Ring = Position[];
const rounded = (p: Position): Position => [Number(p[0].toFixed(DIGITS)), Number(p[1].toFixed(DIGITS))];

function featureOf(shape: Shape): GeoJSONStoreFeatures | null {
  const properties = { mode: MODE[shape.kind], kind: shape.kind };
  if (shape.kind === 'corridor') {
    const coordinates = shape.line.map(rounded);
    return { id: shape.key, type: 'Feature', properties, geometry: { type: 'LineString', coordinates } };
  }
  // A polygon with holes is shown by the plan's own layer, and is not dragged by its corners.
  if (shape.kind === 'polygon' && shape.rings.length !== 1) return null;
  const ring = shape.kind === 'circle'
    ? circleRing(shape.center, Math.max(shape.radiusM ?? 0, 1), CORNERS)
    : (shape.rings[0] as Ring);
  const coordinates = [ring.map(rounded)];
  const size = shape.kind === 'circle' ? { radiusKilometers: (shape.radiusM ?? 0) / 1000 } : {};
  return {
    id: shape.key, type: 'Feature', properties: { ...properties, ...size },
    geometry: { type: 'Polygon', coordinates },
  };
}

export class Draw {
  private readonly terra: TerraDraw;
  private shapes = new Map<string, Shape>();
  private drawing: ShapeKind | null = null;
  private syncing = false;

  constructor(map: MapLibre, private readonly handlers: DrawHandlers) {
    this.terra = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: DIGITS }),
      modes: modes(),
      idStrategy: { isValidId: (id) => typeof id === 'string', getId: () => handlers.newKey() },
    });
    this.terra.start();
    this.terra.setMode('select');
    this.terra.on('change', (ids, type) => {
      if (!this.syncing) this.onChange(ids.map(String), type);
    });
    this.terra.on('finish', (id, context) => this.onFinish(String(id), context.action));
  }

  begin(kind: ShapeKind): void {
    this.drawing = kind;
    this.terra.setMode(MODE[kind]);
    this.handlers.mode(kind);
  }

  stop(): void {
    if (!this.drawing) return;
    this.drawing = null;
    this.terra.setMode('select');
    this.handlers.mode(null);
  }

  /** Before its map goes: what was to be drawn with the next frame would look for it. The shapes stay. */
  end(): void {
    this.syncing = true;
    this.terra.stop();
  }

  /** Makes terra-draw hold these shapes; `keep` is the one that the mouse is moving just now. */
  sync(shapes: Shape[], keep: string | null): void {
    this.syncing = true;
    const wanted = new Map(shapes.map((s) => [s.key, s]));
    for (const key of this.shapes.keys()) {
      if (!wanted.has(key) && this.terra.hasFeature(key)) this.terra.removeFeatures([key]);
    }
    for (const shape of shapes) {
      if (shape.key === keep || this.shapes.get(shape.key) === shape) continue;
      const feature = featureOf(shape);
      if (!feature) continue;
      if (this.terra.hasFeature(shape.key)) {
        this.terra.updateFeatureGeometry(shape.key, feature.geometry);
      } else {
        // What terra-draw will not take (a ring that crosses itself) is drawn, and not dragged.
        this.terra.addFeatures([feature]);
      }
    }
    this.shapes = wanted;
    this.syncing = false;
  }

  select(key: string): void {
    if (this.terra.hasFeature(key)) this.terra.selectFeature(key);
  }

  private onChange(ids: string[], type: string): void {
    for (const key of ids) {
      if (type === 'delete') {
        if (this.shapes.delete(key)) this.handlers.removed(key);
        continue;
      }
      const shape = this.read(key);
      if (!shape) continue; // a handle or a guide, not a shape
      this.shapes.set(key, shape);
      this.handlers.changed(shape, false);
    }
  }

  private onFinish(key: string, action: string): void {
    const shape = this.read(key);
    if (!shape) return;
    this.handlers.changed(shape, true);
    if (action !== 'draw') return;
    this.stop();
    this.select(key);
  }

  private read(key: string): Shape | null {
    const feature = this.terra.getSnapshotFeature(key);
    const kind = feature && kindOf(feature);
    if (!feature || !kind) return null;
    const before = this.shapes.get(key);
    const own = before?.own ? { own: before.own } : {};
    if (feature.geometry.type === 'LineString') {
      const halfWidthM = before?.kind === 'corridor' ? before.halfWidthM : this.handlers.halfWidthM();
      return { key, ...own, kind: 'corridor', line: feature.geometry.coordinates as Position[], halfWidthM };
    }
    if (feature.geometry.type !== 'Polygon') return null;
    const ring = feature.geometry.coordinates[0] as Ring;
    if (kind === 'polygon') return { key, ...own, kind, rings: [ring] };
    const center = ringCenter(ring);
    return { key, ...own, kind: 'circle', center, radiusM: this.radius(ring, center, before) };
  }

  /** A drag moves a circle; only drawing sizes it. */
  private radius(ring: Ring, center: Position, before: Shape | undefined): number {
    if (this.drawing === null && before?.kind === 'circle') return before.radiusM ?? 0;
    return Math.round(distanceM(center, ring[0] as Position));
  }
}

function kindOf(feature: GeoJSONStoreFeatures): ShapeKind | null {
  const { mode, kind } = feature.properties as { mode?: string; kind?: string };
  if (kind === 'circle' || mode === 'circle') return 'circle';
  if (mode === 'polygon' && feature.geometry.type === 'Polygon') return 'polygon';
  return mode === 'linestring' && feature.geometry.type === 'LineString' ? 'corridor' : null;
}

function modes() {
  const polygon = {
    fillColor: colors.plan, fillOpacity: 0.05, outlineColor: colors.plan, outlineWidth: 2,
  } as const;
  const selected = {
    selectedPolygonColor: colors.plan, selectedPolygonFillOpacity: 0.05,
    selectedPolygonOutlineColor: colors.plan, selectedPolygonOutlineWidth: 3,
    selectedLineStringColor: colors.plan, selectedLineStringWidth: 3,
    selectionPointColor: '#ffffff', selectionPointOutlineColor: colors.plan,
    selectionPointOutlineWidth: 2, selectionPointWidth: 6,
    midPointColor: colors.plan, midPointOutlineColor: '#ffffff', midPointWidth: 4,
  } as const;
  const corners = { midpoints: true, draggable: true, deletable: true };
  return [
    new TerraDrawSelectMode({
      styles: selected,
      flags: {
        circle: { feature: { draggable: true } },
        polygon: { feature: { draggable: true, coordinates: corners } },
        linestring: { feature: { draggable: true, coordinates: corners } },
      },
    }),
    new TerraDrawCircleMode({ styles: polygon, segments: CORNERS, projection: 'web-mercator' }),
    new TerraDrawPolygonMode({ styles: polygon }),
    new TerraDrawLineStringMode({ styles: { lineStringColor: colors.plan, lineStringWidth: 2 } }),
  ];
}
