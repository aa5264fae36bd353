/* SPDX-License-Identifier: Apache-2.0 */
package oracle;

import java.util.List;

/** The seeded numbers of the large golden cases, in place of stored ones; test/tools/fillzip.c makes the same. */
final class Recipe {
	private Recipe() {
	}

	/** Elements offset .. offset + length - 1 of the flat vector are shift + scale * u(i). */
	static final class Segment {
		final long offset, length;
		final double scale, shift;

		Segment(long offset, long length, double scale, double shift) {
			this.offset = offset;
			this.length = length;
			this.scale = scale;
			this.shift = shift;
		}

		@Override
		public String toString() {
			return offset + " " + length + " " + scale + " " + shift;
		}
	}

	/** Element i of the random stream, in [-1, 1): splitmix64's top 24 bits. */
	static double u(long seed, long i) {
		long z = seed + i * 0x9E3779B97F4A7C15L;
		z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
		z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
		z ^= z >>> 31;
		return (z >>> 40) / 8388608.0 - 1.0;
	}

	static float[] fill(long seed, List<Segment> segments) {
		Segment last = segments.get(segments.size() - 1);
		float[] flat = new float[(int) (last.offset + last.length)];
		for (Segment s : segments)
			for (long i = s.offset; i < s.offset + s.length; i++)
				flat[(int) i] = (float) (s.shift + s.scale * u(seed, i));
		return flat;
	}

	/**
	 * The nearest value with few bits: products with u() are then exact in double, so that a C compiler
	 * that fuses multiply and add gets the same floats.
	 */
	static double dyadic(double x) {
		return Math.max(1, Math.rint(x * 4096)) / 4096;
	}
}
