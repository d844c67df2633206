// SPDX-License-Identifier: Apache-2.0
// An operator's own basemap (`serve --basemap FILE.mbtiles`), under the register and over Natural
// Earth. Pictures are shown as they are. Vector tiles come in many schemas; their layers are told
// apart by words that schemas have in common, and what is not recognised is drawn as thin lines.
import type { LayerSpecification, Map as MapLibre } from 'maplibre-gl';
import type { Basemap } from '../lib/types';
import { colors } from './colors';
import { FONT } from './fonts';

const SOURCE = 'operator';

interface Look {
  words: RegExp;
  fill?: string;
  line?: string;
  width?: number;
  dash?: number[];
}

const looks: Look[] = [
  { words: /water|ocean|sea|lake|river/i, fill: colors.sea, line: '#9db4c0', width: 1 },
  { words: /build/i, fill: '#e3ddd2', line: '#cfc7b8', width: 0.5 },
  { words: /road|transport|street|highway|rail/i, line: '#b4aca0', width: 1.4 },
  { words: /bound|admin/i, line: colors.border, width: 0.9, dash: [4, 2] },
  { words: /land|park|wood|forest/i, fill: '#ebe9df' },
];

function layersOf(name: string): LayerSpecification[] {
  const look = looks.find((l) => l.words.test(name)) ?? { words: /./, line: '#c4c0b8', width: 0.7 };
  const common = { source: SOURCE, 'source-layer': name };
  const out: LayerSpecification[] = [];
  if (look.fill) {
    out.push({
      id: `operator-${name}-fill`, type: 'fill', ...common,
      filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': look.fill },
    });
  }
  if (look.line) {
    const dash = look.dash ? { 'line-dasharray': look.dash } : {};
    out.push({
      id: `operator-${name}-line`, type: 'line', ...common,
      filter: ['!=', ['geometry-type'], 'Point'],
      paint: { 'line-color': look.line, 'line-width': look.width ?? 1, ...dash },
    });
  }
  if (/place|label|name|poi/i.test(name)) {
    out.push({
      id: `operator-${name}-label`, type: 'symbol', ...common,
      layout: { 'text-field': ['coalesce', ['get', 'name'], ''], 'text-font': [FONT], 'text-size': 12 },
      paint: { 'text-color': colors.town, 'text-halo-color': colors.halo, 'text-halo-width': 1.2 },
    });
  }
  return out;
}

/** Adds it beneath the layer `below`. */
export function addOperatorBasemap(map: MapLibre, basemap: Basemap, below: string): void {
  const tiles = [`${location.origin}/basemap/{z}/{x}/{y}`];
  const { minzoom, maxzoom, attribution } = basemap;
  if (basemap.format !== 'pbf') {
    map.addSource(SOURCE, { type: 'raster', tiles, tileSize: 256, minzoom, maxzoom, attribution });
    map.addLayer({ id: SOURCE, type: 'raster', source: SOURCE }, below);
    return;
  }
  map.addSource(SOURCE, { type: 'vector', tiles, minzoom, maxzoom, attribution });
  for (const layer of basemap.layers.flatMap(layersOf)) map.addLayer(layer, below);
}
