// SPDX-License-Identifier: Apache-2.0
// Shapes that are drawn on the map for something else than the plan: nothing is checked of them.
import type { Shape, ShapeKind } from '../lib/plan';
import { FileError, FILE_BYTES_MAX, readPlanFile } from '../lib/plan_file';

/** What the map draws in, and the fields beside it: the plan, or a sketch. */
export interface Canvas {
  shapes: Shape[];
  drawing: ShapeKind | null;
  halfWidthM: number;
  held: string | null; // the shape that the mouse is moving: the map must not be told of it
  newKey(): string;
  put(shape: Shape, held?: string | null): void;
  remove(key: string): void;
  removeAll(): void;
  open(file: File): Promise<number>;
}

export class Sketch implements Canvas {
  shapes = $state.raw<Shape[]>([]);
  drawing = $state<ShapeKind | null>(null);
  halfWidthM = $state(200);
  held: string | null = null;
  private next = 1;

  constructor(private readonly prefix: string) {}

  newKey(): string {
    return `${this.prefix}-${this.next++}`;
  }

  put(shape: Shape, held: string | null = null): void {
    this.held = held;
    const there = this.shapes.some((one) => one.key === shape.key);
    this.shapes = there
      ? this.shapes.map((one) => (one.key === shape.key ? shape : one))
      : [...this.shapes, shape];
  }

  remove(key: string): void {
    this.set(this.shapes.filter((one) => one.key !== key));
  }

  removeAll(): void {
    this.set([]);
  }

  set(shapes: Shape[]): void {
    this.held = null;
    this.shapes = shapes;
  }

  /** How many shapes the file had; throws FileError. */
  async open(file: File): Promise<number> {
    if (file.size > FILE_BYTES_MAX) throw new FileError('too_large');
    const read = readPlanFile(await file.text());
    this.set(read.map((shape) => ({ ...shape, key: this.newKey() }) as Shape));
    return read.length;
  }
}
