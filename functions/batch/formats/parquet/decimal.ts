import type { SchemaElement } from 'hyparquet';

/** Creates a formatter of a decimal column that keeps all digits: `-0.50` for scale 2. */
export function toDecimal({ scale: elementScale, logical_type }: SchemaElement): (stored: unknown) => string {
  const scale = (logical_type?.type === 'DECIMAL' ? logical_type.scale : elementScale) ?? 0;
  return (stored) => {
    const unscaled = stored instanceof Uint8Array ? toInteger(stored) : BigInt(stored as number | bigint);
    const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
    const point = digits.length - scale;
    const text = scale > 0 ? `${digits.slice(0, point)}.${digits.slice(point)}` : digits;
    return unscaled < 0n ? `-${text}` : text;
  };
}

/** Reads a big-endian integer in two's complement. */
function toInteger(bytes: Uint8Array): bigint {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  return hex === '' ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${hex}`));
}
