/* SPDX-License-Identifier: Apache-2.0 */
/* NumPy's .npy format, version 1.0: little-endian float32 in C order. */
package oracle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

final class Npy {
	private Npy() { }

	static byte[] bytes(INDArray a) {
		String dims = Arrays.stream(a.shape()).mapToObj(d -> d + ",")
				.collect(Collectors.joining(" "));
		String dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + dims + "), }";
		int header = (10 + dict.length() + 1 + 63) / 64 * 64;
		float[] values = Moved.cast(a, "FLOAT").dup('c').data().asFloat();
		ByteBuffer out = ByteBuffer.allocate(header + 4 * values.length)
				.order(ByteOrder.LITTLE_ENDIAN);

		out.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
		out.put((byte) 1).put((byte) 0).putShort((short) (header - 10));
		out.put(dict.getBytes(StandardCharsets.US_ASCII));
		while (out.position() < header - 1)
			out.put((byte) ' ');
		out.put((byte) '\n');
		for (float v : values)
			out.putFloat(v);
		return out.array();
	}
}
