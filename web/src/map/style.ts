// SPDX-License-Identifier: Apache-2.0
// The map's style: basemap, the register's tiles, the plan, the selection. The register's layers
// only picture what the node sends; thinned points say how many records they stand for.
import type {
  ExpressionSpecification, LayerSpecification, StyleSpecification,
} from 'maplibre-gl';
import coarse from '../../.generated/coarse.json?url';
import { colors } from './colors';
import { FONT, fontFaces } from './fonts';

const nothing = { type: 'geojson' as const, data: { type: 'FeatureCollection' as const, features: [] } };
const many: ExpressionSpecification = ['>', ['coalesce', ['get', 'count'], 1], 1];
const one: ExpressionSpecification = ['!', many];

const label = (field: string, size: number) => ({
  'text-field': ['get', field] as ExpressionSpecification,
  'text-font': [FONT],
  'text-size': size,
  'text-max-width': 9,
});
const halo = (color: string) => ({
  'text-color': color,
  'text-halo-color': colors.halo,
  'text-halo-width': 1.4,
});

/** Land and borders; the fine set is added when somebody comes near. */
export function basemapLayers(source: string, minzoom: number, maxzoom: number): LayerSpecification[] {
  const zooms = { minzoom, maxzoom };
  return [
    {
      id: `${source}-land`, type: 'fill', source, ...zooms,
      filter: ['==', ['get', 'kind'], 'land'],
      paint: { 'fill-color': colors.land, 'fill-antialias': true },
    },
    {
      id: `${source}-coast`, type: 'line', source, ...zooms,
      filter: ['==', ['get', 'kind'], 'land'],
      paint: { 'line-color': '#a9b7be', 'line-width': 0.8 },
    },
    {
      id: `${source}-border`, type: 'line', source, ...zooms,
      filter: ['==', ['get', 'kind'], 'border'],
      layout: { 'line-join': 'round' },
      paint: { 'line-color': colors.border, 'line-width': 0.9, 'line-dasharray': [4, 2] },
    },
  ];
}

// Far out, a town's name is what one finds one's way by and comes before signs; near, the names of
// what is protected come first.
const towns = (id: string, minzoom: number, maxzoom: number): LayerSpecification => ({
  id, type: 'symbol', source: 'towns', minzoom, maxzoom,
  layout: { ...label('name', 12), 'text-padding': 8, 'symbol-sort-key': ['get', 'order'] },
  paint: halo(colors.town),
});
const TOWNS_BENEATH_FROM = 11;

const labels: LayerSpecification[] = [
  towns('towns-far', 5.5, TOWNS_BENEATH_FROM),
  {
    id: 'countries', type: 'symbol', source: 'countries', maxzoom: 8,
    filter: ['<=', ['get', 'zoom'], ['zoom']],
    layout: { ...label('name', 13), 'text-letter-spacing': 0, 'text-padding': 6 },
    paint: halo(colors.country),
  },
];

/** What the answer lists is told by the state of features. A filter would have the tiles read again,
    and what is read again may come to the map after newer tiles, and stand in their place. */
type Hit = 'touched' | 'nearby';
const ifHit = (hit: Hit, opacity: number): ExpressionSpecification =>
  ['case', ['==', ['feature-state', 'hit'], hit], opacity, 0];

const outlines: LayerSpecification[] = [
  {
    id: 'reaches', type: 'fill', source: 'register', 'source-layer': 'reaches', minzoom: 9,
    paint: { 'fill-color': colors.protection, 'fill-opacity': 0.1 },
  },
  {
    id: 'reaches-edge', type: 'line', source: 'register', 'source-layer': 'reaches', minzoom: 9,
    paint: {
      'line-color': colors.protection, 'line-width': 1.2, 'line-opacity': 0.75,
      'line-dasharray': [3, 2],
    },
  },
  {
    id: 'touched-reaches', type: 'fill', source: 'register', 'source-layer': 'reaches', minzoom: 9,
    paint: { 'fill-pattern': 'hatch-touched', 'fill-opacity': ifHit('touched', 0.55) },
  },
  {
    id: 'nearby-reaches', type: 'fill', source: 'register', 'source-layer': 'reaches', minzoom: 9,
    paint: { 'fill-pattern': 'hatch-nearby', 'fill-opacity': ifHit('nearby', 0.35) },
  },
  {
    id: 'shapes', type: 'fill', source: 'register', 'source-layer': 'shapes', minzoom: 9,
    filter: ['==', ['geometry-type'], 'Polygon'],
    paint: { 'fill-color': colors.protection, 'fill-opacity': 0.25 },
  },
  {
    id: 'shapes-edge', type: 'line', source: 'register', 'source-layer': 'shapes', minzoom: 9,
    paint: { 'line-color': colors.protection, 'line-width': 1.6 },
  },
];

const plan: LayerSpecification[] = [
  {
    id: 'plan-fill', type: 'fill', source: 'plan', filter: ['==', ['geometry-type'], 'Polygon'],
    paint: { 'fill-color': colors.plan, 'fill-opacity': 0.2 },
  },
  {
    // A corridor's true width on the ground: pixels a metre double with each zoom.
    id: 'plan-corridor', type: 'line', source: 'plan', filter: ['has', 'px0'],
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: {
      'line-color': colors.plan, 'line-opacity': 0.22,
      'line-width': ['interpolate', ['exponential', 2], ['zoom'],
        0, ['get', 'px0'], 24, ['*', ['get', 'px0'], 2 ** 24]],
    },
  },
  {
    id: 'plan-edge', type: 'line', source: 'plan',
    filter: ['in', ['geometry-type'], ['literal', ['Polygon', 'LineString']]],
    paint: { 'line-color': colors.plan, 'line-width': 2.2 },
  },
];

// Far out, every mark is a dot that grows with what it stands for. Nearer, signs appear where there
// is room for them, and from zoom 13 all of them; the dots stay, so that none is ever left out.
const NEAR = 8;
const count: ExpressionSpecification = ['coalesce', ['get', 'count'], 1];

const points: LayerSpecification[] = [
  {
    id: 'dots', type: 'circle', source: 'register', 'source-layer': 'protections',
    paint: {
      'circle-color': colors.protection, 'circle-opacity': 0.7,
      'circle-stroke-color': '#fff', 'circle-stroke-width': 0.4,
      'circle-radius': ['interpolate', ['linear'], ['zoom'],
        0, ['interpolate', ['linear'], ['log10', count], 0, 1.2, 5, 6],
        NEAR, ['interpolate', ['linear'], ['log10', count], 0, 4, 4, 14]],
    },
  },
  {
    id: 'crowds', type: 'circle', source: 'register', 'source-layer': 'protections', filter: many,
    minzoom: NEAR,
    paint: {
      'circle-color': colors.protection, 'circle-opacity': 0.88,
      'circle-stroke-color': '#fff', 'circle-stroke-width': 1.2,
      'circle-radius': ['interpolate', ['linear'], ['log10', count], 0, 7, 2, 11, 5, 20],
    },
  },
  {
    id: 'crowds-count', type: 'symbol', source: 'register', 'source-layer': 'protections', filter: many,
    minzoom: NEAR,
    layout: {
      'text-field': ['number-format', ['get', 'count'], { locale: 'en-GB' }],
      'text-font': [FONT], 'text-size': 11, 'text-allow-overlap': false,
    },
    paint: { 'text-color': '#fff' },
  },
  {
    id: 'protections', type: 'symbol', source: 'register', 'source-layer': 'protections', filter: one,
    minzoom: NEAR,
    layout: {
      'icon-image': ['coalesce',
        ['image', ['concat', ['get', 'class'], '|', ['get', 'state']]], ['image', 'other|in_force']],
      'icon-allow-overlap': ['step', ['zoom'], false, 13, true], 'icon-padding': 0,
      ...label('name', 12),
      'text-field': ['step', ['zoom'], '', 11, ['coalesce', ['get', 'name'], '']],
      'text-anchor': 'top', 'text-offset': [0, 1.1], 'text-optional': true, 'text-max-width': 11,
    },
    paint: halo(colors.protection),
  },
];

const marks: LayerSpecification[] = (['nearby', 'touched'] as const).map((name) => ({
  id: `${name}-marks`, type: 'symbol', source: 'register', 'source-layer': 'protections',
  filter: one,
  layout: { 'icon-image': name, 'icon-allow-overlap': true, 'icon-ignore-placement': true },
  paint: { 'icon-opacity': ifHit(name, 1) },
}));

const selection: LayerSpecification[] = [
  {
    id: 'selection-reach', type: 'line', source: 'selection',
    filter: ['==', ['get', 'part'], 'reach'],
    paint: { 'line-color': colors.selected, 'line-width': 2, 'line-dasharray': [2, 2] },
  },
  {
    id: 'selection-shape', type: 'line', source: 'selection',
    filter: ['==', ['get', 'part'], 'shape'],
    paint: { 'line-color': colors.selected, 'line-width': 3 },
  },
  {
    id: 'selection-point', type: 'circle', source: 'selection',
    filter: ['==', ['get', 'part'], 'point'],
    paint: {
      'circle-radius': 15, 'circle-opacity': 0,
      'circle-stroke-color': colors.selected, 'circle-stroke-width': 3,
    },
  },
  {
    id: 'found', type: 'circle', source: 'selection', filter: ['==', ['get', 'part'], 'found'],
    paint: {
      'circle-radius': ['case', ['get', 'marked'], 9, 5], 'circle-color': '#fff',
      'circle-stroke-color': colors.selected, 'circle-stroke-width': ['case', ['get', 'marked'], 4, 2.5],
    },
  },
];

/** The register's tiles: one's own, or of what another party can see. */
const tilesOf = (as: string | null): string =>
  `${location.origin}/v1/tiles/{z}/{x}/{y}.mvt${as ? `?as=${encodeURIComponent(as)}` : ''}`;

export function style(as: string | null): StyleSpecification {
  return {
    version: 8,
    'font-faces': fontFaces(),
    sources: {
      coarse: { type: 'geojson', data: new URL(coarse, location.href).href, maxzoom: 6, tolerance: 0.3 },
      register: { type: 'vector', tiles: [tilesOf(as)], minzoom: 0, maxzoom: 14, promoteId: 'id' },
      countries: nothing, towns: nothing, plan: nothing, selection: nothing,
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': colors.sea } },
      ...basemapLayers('coarse', 0, 24),
      towns('towns', TOWNS_BENEATH_FROM, 24), ...outlines, ...plan, ...points, ...labels,
      ...selection, ...marks,
    ],
  } as StyleSpecification;
}
