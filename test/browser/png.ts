import { crc32, deflateSync, inflateSync } from 'node:zlib';

const signature = 8;
/** Bytes of a chunk around its data: length and type before, checksum after. */
const overhead = 12;

/**
 * Reduces a picture to its 256 most frequent colours, and replaces every other colour by the nearest of these. This
 * leaves about a third of the bytes. The picture must be 8-bit RGB, as Chromium writes it.
 */
export function toPalette(png: Buffer): Buffer {
  const chunks = readChunks(png);
  const header = Buffer.from(chunks.find(({ type }) => type === 'IHDR')?.data ?? []);
  const width = header.readUInt32BE(0);
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data);
  const pixels = unfilter(inflateSync(Buffer.concat(packed)), width * 3);
  const palette = toMostFrequent(pixels);
  const indexed = toIndices(pixels, palette, width);
  header[9] = 3;
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    png.subarray(0, signature),
    toChunk('IHDR', header),
    toChunk('PLTE', colours),
    toChunk('IDAT', deflateSync(indexed, { level: 9 })),
    toChunk('IEND', Buffer.alloc(0)),
  ]);
}

function readChunks(png: Buffer): { type: string; data: Buffer }[] {
  const chunks = [];
  for (let at = signature; at < png.length; ) {
    const size = png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + size) });
    at += size + overhead;
  }
  return chunks;
}

function toChunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, checksum]);
}

/** Undoes the filter of each line, and returns the pixels: www.w3.org/TR/png-3/#9Filters. */
function unfilter(lines: Buffer, stride: number): Buffer {
  const height = lines.length / (stride + 1);
  // The filters read zeros above the first line and left of each line's first pixel, so these zeros are added.
  const wide = stride + 3;
  const pixels = Buffer.alloc((height + 1) * wide);
  for (let row = 0; row < height; row++) {
    const from = row * (stride + 1);
    for (let column = 0; column < stride; column++) {
      const at = (row + 1) * wide + 3 + column;
      const guess = predict(
        lines.readUInt8(from),
        pixels.readUInt8(at - 3),
        pixels.readUInt8(at - wide),
        pixels.readUInt8(at - wide - 3),
      );
      pixels[at] = lines.readUInt8(from + 1 + column) + guess;
    }
  }
  const rows = Array.from({ length: height }, (_, row) => pixels.subarray((row + 1) * wide + 3, (row + 2) * wide));
  return Buffer.concat(rows);
}

function predict(filter: number, left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ];
  const paeth = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
  return [0, left, up, (left + up) >> 1, paeth][filter] ?? 0;
}

function colourAt(pixels: Buffer, at: number): number {
  return pixels.readUIntBE(at, 3);
}

function toMostFrequent(pixels: Buffer): number[] {
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = colourAt(pixels, at);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const sorted = Array.from(counts).sort(([, a], [, b]) => b - a);
  return sorted.slice(0, 256).map(([colour]) => colour);
}

/** Replaces each pixel by its index in the palette. Each line begins with the byte 0, which means no filter. */
function toIndices(pixels: Buffer, palette: readonly number[], width: number): Buffer {
  const indices = new Map(palette.map((colour, index) => [colour, index]));
  const height = pixels.length / 3 / width;
  const lines = Buffer.alloc(height * (width + 1));
  for (let pixel = 0; pixel < width * height; pixel++) {
    const colour = colourAt(pixels, pixel * 3);
    const index = indices.get(colour) ?? nearest(palette, colour);
    indices.set(colour, index);
    lines[Math.floor(pixel / width) * (width + 1) + 1 + (pixel % width)] = index;
  }
  return lines;
}

function nearest(palette: readonly number[], colour: number): number {
  const distances = palette.map((other) => {
    const parts = [16, 8, 0].map((bits) => ((other >> bits) & 255) - ((colour >> bits) & 255));
    return parts.reduce((sum, part) => sum + part * part, 0);
  });
  return distances.indexOf(Math.min(...distances));
}
