// SPDX-License-Identifier: Apache-2.0
// Shapes that are drawn on the map, loaded or typed: an area, or a plan (plan.svelte.ts).
import type { Shape, ShapeKind } from '../lib/plan';
import { FileError, FILE_BYTES_MAX, readPlanFile } from '../lib/plan_file';

export class Sketch {
  shapes = $state.raw<Shape[]>([]);
  drawing = $state<ShapeKind | null>(null);
  halfWidthM = $state(200);
  /** The shape that the mouse is moving: the map must not be told of it. */
  held: string | null = null;
  private next = 1;

  /** `prefix`: of its keys, so that no two sketches have the same. `termed`: times and heights that a file
      says of a shape are taken with it. */
  constructor(private readonly prefix: string, readonly termed = false) {}

  newKey(): string {
    return `${this.prefix}-${this.next++}`;
  }

  /** Adds, or replaces the shape of the same key. */
  put(shape: Shape, held: string | null = null): void {
    const there = this.shapes.some((one) => one.key === shape.key);
    this.set(
      there
        ? this.shapes.map((one) => (one.key === shape.key ? shape : one))
        : [...this.shapes, shape],
      held,
    );
  }

  remove(key: string): void {
    this.set(this.shapes.filter((one) => one.key !== key));
  }

  removeAll(): void {
    this.set([]);
  }

  set(shapes: Shape[], held: string | null = null): void {
    this.held = held;
    this.shapes = shapes;
    this.changed();
  }

  /** How many shapes the file had; throws FileError. */
  async open(file: File): Promise<number> {
    if (file.size > FILE_BYTES_MAX) throw new FileError('too_large');
    const read = readPlanFile(await file.text());
    this.set(read.map((shape) => ({ ...shape, key: this.newKey() }) as Shape));
    return read.length;
  }

  /** After each change; nothing is checked of what is no plan. */
  protected changed(): void {}
}
