// SPDX-License-Identifier: Apache-2.0
// The map: MapLibre with the register's tiles, the plan and the selection on it. It shows and
// reports; what is selected, planned or answered lives in the page's state.
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import {
  AttributionControl, type GeoJSONSource, type MapMouseEvent, Map as MapLibre, NavigationControl,
  ScaleControl, setWorkerUrl,
} from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import type { FeatureCollection } from 'geojson';
import countries from '../../.generated/countries.json?url';
import fine from '../../.generated/fine.json?url';
import type { Place } from '../lib/gazetteer';
import type { Box, Position } from '../lib/sphere';
import type { Basemap } from '../lib/types';
import { addIcons } from './icons';
import { addOperatorBasemap } from './operator';
import { basemapLayers, style } from './style';

setWorkerUrl(workerUrl);

const PICKED = ['found', 'dots', 'crowds', 'protections'];
const FINE_FROM = 5; // zoom from which 1:10m land pays

export interface ViewHandlers {
  moved(box: Box, center: Position, zoom: number): void;
  picked(id: string): void;
  towns(box: Box, zoom: number): Promise<Place[]>;
  country(alpha2: string): string;
  tileFault(): void;
}

export interface ViewWords {
  sources: string;
  zoomIn: string;
  zoomOut: string;
  attribution: string;
  label: string;
}

const collection = (features: FeatureCollection['features']): FeatureCollection => ({
  type: 'FeatureCollection', features,
});

export class View {
  readonly map: MapLibre;
  readonly ready: Promise<void>;
  private hits: [string[], string[]] = [[], []];
  private marked: string[] = []; // what bears a mark on the map
  private due = false; // a refresh waits for tiles
  private credits: AttributionControl | null = null;

  constructor(container: HTMLElement, words: ViewWords, at: { center: Position; zoom: number },
              as: string | null,
              private readonly handlers: ViewHandlers) {
    this.map = new MapLibre({
      container, style: style(as), center: at.center, zoom: at.zoom, maxZoom: 19,
      attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false,
      fadeDuration: 0, maxPitch: 0, renderWorldCopies: true,
      locale: {
        'NavigationControl.ZoomIn': words.zoomIn, 'NavigationControl.ZoomOut': words.zoomOut,
        'AttributionControl.ToggleAttribution': words.attribution, 'Map.Title': words.label,
      },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.map.addControl(new ScaleControl({ unit: 'metric' }), 'top-left');
    this.credit(words.sources);
    this.map.on('error', (event) => this.onError(event as unknown as { sourceId?: string; error?: Error }));
    // Before the first tile is drawn: one that asks for a sign that is not there stays without it.
    this.map.once('style.load', () => addIcons(this.map));
    this.ready = new Promise((done) => this.map.once('load', () => done()));
    void this.ready.then(() => this.begin());
    // For tests: the map on its element, and how often it has come to rest.
    let rests = 0;
    Object.assign(container, { map: this.map });
    this.map.on('idle', () => (container.dataset['rests'] = String(++rests)));
  }

  get box(): Box {
    const bounds = this.map.getBounds();
    return {
      west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth(),
    };
  }

  get center(): Position {
    const { lng, lat } = this.map.getCenter();
    return [lng, lat];
  }

  destroy(): void {
    this.map.remove();
  }

  /** Reloads the register's tiles in place: the old picture stays until the new one is there. Tiles
      that are still coming are waited for: of two answers to one tile the older could come last. */
  refresh(): void {
    if (!this.map.getSource('register')) return;
    if (this.map.isSourceLoaded('register')) this.map.refreshTiles('register');
    else if (!this.due) this.refreshLater();
  }

  private refreshLater(): void {
    this.due = true;
    const look = (): void => {
      if (!this.map.isSourceLoaded('register')) return;
      for (const event of ['sourcedata', 'idle'] as const) this.map.off(event, look);
      this.due = false;
      this.refresh();
    };
    for (const event of ['sourcedata', 'idle'] as const) this.map.on(event, look);
  }

  goTo(box: Box, maxZoom = 14): void {
    const narrow = box.east - box.west < 1e-9 && box.north - box.south < 1e-9;
    if (narrow) {
      this.map.easeTo({ center: [box.west, box.south], zoom: Math.max(this.map.getZoom(), maxZoom) });
      return;
    }
    this.map.fitBounds([box.west, box.south, box.east, box.north], { padding: 60, maxZoom });
  }

  setPlan(data: FeatureCollection): void {
    void this.ready.then(() => this.source('plan')?.setData(data));
  }

  setSelection(data: FeatureCollection): void {
    void this.ready.then(() => this.source('selection')?.setData(data));
  }

  /** Marks what the answer lists; by id, wherever the register's tiles have it. */
  setHits(touched: string[], nearby: string[]): void {
    if (String(this.hits[0]) === String(touched) && String(this.hits[1]) === String(nearby)) return;
    this.hits = [touched, nearby];
    this.applyHits();
  }

  /** The page's language has changed; MapLibre takes its words only at the start. */
  setWords(words: ViewWords): void {
    this.credit(words.sources);
    const name = (selector: string, text: string): void => {
      for (const element of this.map.getContainer().querySelectorAll(selector)) {
        element.setAttribute('aria-label', text);
        if (element.hasAttribute('title')) element.setAttribute('title', text);
      }
    };
    name('.maplibregl-ctrl-zoom-in', words.zoomIn);
    name('.maplibregl-ctrl-zoom-out', words.zoomOut);
    name('.maplibregl-ctrl-attrib-button', words.attribution);
    name('canvas.maplibregl-canvas', words.label);
    void this.relabel();
  }

  private credit(sources: string): void {
    if (this.credits) this.map.removeControl(this.credits);
    this.credits = new AttributionControl({ customAttribution: sources, compact: true });
    this.map.addControl(this.credits);
  }

  showBasemap(basemap: Basemap): void {
    addOperatorBasemap(this.map, basemap, 'towns');
  }

  private async relabel(): Promise<void> {
    const response = await fetch(countries);
    const rows = (await response.json()) as [string, string, number, number, number][];
    this.source('countries')?.setData(collection(rows.map(([number, english, lng, lat, zoom]) => ({
      type: 'Feature',
      properties: { name: this.countryName(number, english), zoom },
      geometry: { type: 'Point', coordinates: [lng, lat] },
    }))));
  }

  private countryName(number: string, english: string): string {
    if (!/^\d{3}$/.test(number)) return english;
    // Unicode's aliases turn the number of ISO 3166 into its letters.
    const tag = Intl.getCanonicalLocales(`und-${number}`)[0] ?? '';
    const letters = tag.slice(4);
    return /^[A-Z]{2}$/.test(letters) ? this.handlers.country(letters) : english;
  }

  private begin(): void {
    this.applyHits();
    void this.relabel();
    this.map.on('moveend', () => this.onMoved());
    this.map.on('click', (event) => this.onClick(event));
    for (const layer of PICKED) {
      this.map.on('mouseenter', layer, () => (this.map.getCanvas().style.cursor = 'pointer'));
      this.map.on('mouseleave', layer, () => (this.map.getCanvas().style.cursor = ''));
    }
    this.onMoved();
  }

  private onMoved(): void {
    const zoom = this.map.getZoom();
    if (zoom >= FINE_FROM && !this.map.getSource('fine')) this.addFine();
    this.handlers.moved(this.box, this.center, zoom);
    if (zoom < 5.5) return;
    const asked = this.box;
    void this.handlers.towns(asked, zoom).then((towns) => {
      this.source('towns')?.setData(collection(towns.map((town) => ({
        type: 'Feature', properties: { name: town.name, order: town.prominent ? 0 : 1 },
        geometry: { type: 'Point', coordinates: town.at },
      }))));
    });
  }

  private addFine(): void {
    const data = new URL(fine, location.href).href;
    this.map.addSource('fine', { type: 'geojson', data, maxzoom: 12, tolerance: 0.3 });
    const below = this.map.getLayer('towns') ? 'towns' : undefined;
    // The coarse land stays underneath until the fine one is drawn.
    for (const layer of basemapLayers('fine', FINE_FROM, 24)) this.map.addLayer(layer, below);
    const hideCoarse = (): void => {
      // A source that failed to load counts as loaded too, and has nothing to show.
      if (this.map.querySourceFeatures('fine').length === 0) return;
      this.map.off('idle', hideCoarse);
      for (const name of ['coast', 'border', 'land']) {
        this.map.setLayerZoomRange(`coarse-${name}`, 0, FINE_FROM);
      }
    };
    this.map.on('idle', hideCoarse);
  }

  private onClick(event: MapMouseEvent): void {
    if (event.defaultPrevented) return;
    const { x, y } = event.point;
    const near: [[number, number], [number, number]] = [[x - 6, y - 6], [x + 6, y + 6]];
    const layers = [...PICKED, 'shapes', 'shapes-edge'];
    const hit = this.map.queryRenderedFeatures(near, { layers })[0];
    if (!hit) return;
    if (Number(hit.properties['count'] ?? 1) > 1) {
      this.map.easeTo({ center: event.lngLat, zoom: this.map.getZoom() + 2 });
      return;
    }
    const id: unknown = hit.properties['id'];
    if (typeof id === 'string') this.handlers.picked(id);
  }

  private applyHits(): void {
    const [touched, nearby] = this.hits;
    if (!this.map.getSource('register')) return; // begin() will
    for (const sourceLayer of ['protections', 'reaches']) {
      const layer = { source: 'register', sourceLayer };
      // One by one: of a whole layer it would not take back what this frame has yet to draw.
      for (const id of this.marked) this.map.removeFeatureState({ ...layer, id }, 'hit');
      for (const [hit, ids] of [['nearby', nearby], ['touched', touched]] as const) {
        for (const id of ids) this.map.setFeatureState({ ...layer, id }, { hit });
      }
    }
    this.marked = [...nearby, ...touched];
  }

  private onError(event: { sourceId?: string; error?: Error }): void {
    if (event.sourceId === 'register') this.handlers.tileFault();
    else console.warn('map:', event.error?.message ?? event);
  }

  private source(name: string): GeoJSONSource | undefined {
    return this.map.getSource(name) as GeoJSONSource | undefined;
  }
}
